import { join } from 'node:path';
import type { AccountKeys } from '../account-key.ts';
import type { DataPlane, DataPlaneSettings, Neighbour } from '../data-plane.ts';
import { answerBlobs } from './answer.ts';
import { BlobStore } from './blob-store.ts';
import { ContentFiles } from './content-files.ts';
import { isBlobRequest } from './storage-account.ts';

/** How often what was put and never committed is looked for. */
const COLLECT_EVERY_MS = 6 * 3_600_000;

/**
 * The storage account beside a Batch account, whose records and address it shares; the bytes of blobs are in files
 * below the directory. What was written and not acknowledged is removed.
 */
export async function openBlobService(
  { engine, endpoint }: DataPlane,
  { clock, temporary, acceptsTokens, reportProblem, faults }: DataPlaneSettings,
  keys: AccountKeys,
  directory: string,
): Promise<Neighbour> {
  const store = new BlobStore(engine.world.database, new ContentFiles(join(directory, 'blobs'), !temporary));
  await store.tidy(clock.now());
  const collectLater = () =>
    engine.world.after(COLLECT_EVERY_MS, () => {
      store.collect(clock.now());
      collectLater();
    });
  collectLater();
  const options = {
    store,
    keys: () => keys.values(),
    acceptsTokens,
    clock,
    endpoint: () => endpoint,
    reportProblem,
    faults,
  };
  return {
    isMeant: ({ url }) => isBlobRequest(url),
    answer: (message, response) => answerBlobs(options, message, response),
  };
}
