import type { Entity } from '../resources/types.ts';
import type { Transport } from './wire/transport.ts';

/** Adds an entity by POST to the list's path. */
export async function postEntity(
  transport: Transport,
  path: string,
  body: Entity,
  signal: AbortSignal,
): Promise<void> {
  await transport.send({ method: 'POST', path, body }, signal);
}

/** Changes an entity by PATCH or PUT; with an ETag only if it is still as it was then. */
export async function changeEntity(
  transport: Transport,
  method: 'PATCH' | 'PUT',
  path: string,
  body: Entity,
  etag: string | undefined,
  signal: AbortSignal,
): Promise<void> {
  const headers = etag === undefined ? {} : { 'If-Match': etag };
  await transport.send({ method, path, body, headers }, signal);
}

/** Asks by POST and gives the answer, without the metadata that OData adds to it. */
export async function askByPost(
  transport: Transport,
  path: string,
  body: Entity,
  signal: AbortSignal,
): Promise<Entity> {
  const reply = await transport.send({ method: 'POST', path, body }, signal);
  const { 'odata.metadata': _metadata, ...answer } = (reply.body ?? {}) as Record<string, unknown>;
  return answer;
}
