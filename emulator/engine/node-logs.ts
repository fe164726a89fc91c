import { randomUUID } from 'node:crypto';
import { mkdir, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Instant } from '../clock.ts';
import type { NodeRecord } from '../model/entities.ts';
import { BlobContainer } from '../storage/blob-container.ts';
import { asTransferError } from '../storage/transfer.ts';
import type { World } from './world.ts';

/** No upload takes longer, so that a container that stalls keeps nothing alive. */
const UPLOAD_LIMIT_MS = 30_000;

/** Where a node tells why its logs did not arrive. */
const FAILURE_FILE = 'logs-not-uploaded.txt';

/** What will be uploaded, and into which directory of the container. */
export interface UploadedLogs {
  readonly virtualDirectoryName: string;
  readonly numberOfFilesUploaded: number;
}

interface LogFile {
  readonly name: string;
  readonly path: string;
}

/**
 * Begins to upload what there is to know of a node to a container: what the emulator has on record of it, and the
 * outputs of its start task if they were written in the span of time. A node of the service has more, from an agent
 * and a system that there are none of here. As with the service, nobody waits for the upload; if it fails, a file in
 * the node's `volatile` directory says why.
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
  const recordPath = join(volatile, `${id}.json`);
  await mkdir(volatile, { recursive: true });
  await writeFile(recordPath, JSON.stringify({ poolId, ...node }, undefined, 2));
  const outputs: LogFile[] = [
    { name: 'startup/stdout.txt', path: startTask.stdout },
    { name: 'startup/stderr.txt', path: startTask.stderr },
  ];
  const files = [{ name: 'node.json', path: recordPath }, ...(await writtenWithin(outputs, span))];
  world.guard(async () => {
    try {
      await upload(world, containerUrl, virtualDirectoryName, files);
    } catch (error) {
      const failure = `${virtualDirectoryName}: ${asTransferError(error).message}\n`;
      await writeFile(join(volatile, FAILURE_FILE), failure).catch(() => {});
    } finally {
      await rm(recordPath, { force: true });
    }
  });
  return { virtualDirectoryName, numberOfFilesUploaded: files.length };
}

async function writtenWithin(
  files: readonly LogFile[],
  { from, to }: { readonly from: Instant; readonly to: Instant },
): Promise<LogFile[]> {
  const times = await Promise.all(
    files.map(({ path }) =>
      stat(path).then(
        ({ mtimeMs }) => mtimeMs * 1000,
        () => undefined,
      ),
    ),
  );
  return files.filter((_file, index) => {
    const written = times[index];
    return written !== undefined && written >= from && written <= to;
  });
}

async function upload(
  world: World,
  containerUrl: string,
  directory: string,
  files: readonly LogFile[],
): Promise<void> {
  const signal = AbortSignal.any([AbortSignal.timeout(UPLOAD_LIMIT_MS), world.closing]);
  const container = new BlobContainer(containerUrl, { signal, idleMs: world.options.transferIdleMs });
  for (const { name, path } of files) {
    await container.upload(`${directory}/${name}`, path, (await stat(path)).size);
  }
}
