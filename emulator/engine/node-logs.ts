import { randomUUID } from 'node:crypto';
import { mkdir, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Instant } from '../clock.ts';
import type { NodeRecord } from '../model/entities.ts';
import { BlobContainer } from '../storage/blob-container.ts';
import type { World } from './world.ts';

/** The client waits; the service itself lets no operation take longer. */
const UPLOAD_LIMIT_MS = 30_000;

/** What was uploaded, and into which directory of the container. */
export interface UploadedLogs {
  readonly virtualDirectoryName: string;
  readonly numberOfFilesUploaded: number;
}

interface LogFile {
  readonly name: string;
  readonly path: string;
}

/**
 * Uploads what there is to know of a node to a container: what the emulator has on record of it, and the outputs of
 * its start task if they were written in the span of time. A node of the service has more, from an agent and a system
 * that there are none of here. @throws TransferError
 */
export async function uploadNodeLogs(
  world: World,
  record: NodeRecord,
  containerUrl: string,
  span: { readonly from: Instant; readonly to: Instant },
): Promise<UploadedLogs> {
  const { poolId, node } = record;
  const id = randomUUID();
  const virtualDirectoryName = `${poolId}/${node.id}/${id}`;
  const { startTask, volatile } = world.directoriesOf(node.id);
  const signal = AbortSignal.any([AbortSignal.timeout(UPLOAD_LIMIT_MS), world.closing]);
  const container = new BlobContainer(containerUrl, { signal, idleMs: world.options.transferIdleMs });
  const recordPath = join(volatile, `${id}.json`);
  await mkdir(volatile, { recursive: true });
  await writeFile(recordPath, JSON.stringify({ poolId, ...node }, undefined, 2));
  const files: LogFile[] = [
    { name: 'node.json', path: recordPath },
    { name: 'startup/stdout.txt', path: startTask.stdout },
    { name: 'startup/stderr.txt', path: startTask.stderr },
  ];
  let numberOfFilesUploaded = 0;
  try {
    for (const { name, path } of files) {
      const found = await stat(path).catch(() => undefined);
      if (found === undefined) continue;
      const written = found.mtimeMs * 1000;
      if (path !== recordPath && (written < span.from || written > span.to)) continue;
      await container.upload(`${virtualDirectoryName}/${name}`, path, found.size);
      numberOfFilesUploaded += 1;
    }
  } finally {
    await rm(recordPath, { force: true });
  }
  return { virtualDirectoryName, numberOfFilesUploaded };
}
