import type { BatchPort } from '../../api/port.ts';
import { ServiceError } from '../../lib/errors.ts';
import { containerBody } from '../../resources/container.ts';
import { namedContainers, withContainerUrls } from '../../resources/task-files.ts';
import type { Entity } from '../../resources/types.ts';

/** Longer than most tasks wait and run; Entra ID signs for no longer. */
const LIFE = 7 * 24 * 3_600_000;

/**
 * Bodies of tasks as the service takes them: containers of the storage account that their output files name are made
 * where they are not there, and get a URL with a signature to write with. `now` in milliseconds. Rejects when there is
 * no storage account.
 */
export async function withOutputContainers(
  port: BatchPort,
  now: number,
  bodies: readonly Entity[],
): Promise<Entity[]> {
  const names = new Set(bodies.flatMap(namedContainers));
  const { signal } = new AbortController();
  const urls = new Map<string, string>();
  for (const name of names) {
    await port.add('containers', {}, containerBody(name), signal).catch((error: unknown) => {
      if (!(error instanceof ServiceError) || error.code !== 'ContainerAlreadyExists') throw error;
    });
    const target = { container: name, write: true };
    const url = await port.storage?.signedUrl(target, new Date(now + LIFE), signal);
    if (url !== undefined) urls.set(name, url);
  }
  return bodies.map((body) => withContainerUrls(body, urls));
}
