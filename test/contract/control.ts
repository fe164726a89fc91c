import type { Address } from './support.ts';

/** A request to the emulator itself, as `curl -u account:key` sends it. */
export function control(
  emulator: Address,
  method: string,
  path: string,
  body?: string | Uint8Array<ArrayBuffer>,
): Promise<Response> {
  const credentials = Buffer.from(`${emulator.account}:${emulator.key}`).toString('base64');
  return fetch(`${emulator.endpoint}/_emulator/${path}`, {
    method,
    headers: { authorization: `Basic ${credentials}` },
    ...(body === undefined ? {} : { body }),
  });
}
