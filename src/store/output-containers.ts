import { ServiceError } from '../lib/errors.ts';
import { containerBody } from '../resources/container.ts';
import { namedContainers, withContainerUrls } from '../resources/task-files.ts';
import type { Entity } from '../resources/types.ts';
import { portOf, type Services } from './services.ts';

/** Longer than most tasks wait and run; Entra ID signs for no longer. */
const LIFE = 7 * 24 * 3_600_000;

/**
 * A task's body as the service takes it: containers of the storage account that its output files name are made where
 * they are not there, and get a URL with a signature to write with. Rejects when there is no storage account.
 */
export async function withOutputContainers(services: Services, body: Entity): Promise<Entity> {
  const names = namedContainers(body);
  if (names.length === 0) return body;
  const port = portOf(services);
  const { signal } = new AbortController();
  const expires = new Date(services.timing.now() + LIFE);
  const urls = new Map<string, string>();
  for (const name of names) {
    await port.add('containers', {}, containerBody(name), signal).catch((error: unknown) => {
      if (!(error instanceof ServiceError) || error.code !== 'ContainerAlreadyExists') throw error;
    });
    const url = await port.storage?.signedUrl({ container: name, write: true }, expires, signal);
    if (url !== undefined) urls.set(name, url);
  }
  return withContainerUrls(body, urls);
}
