import { randomBytes } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** The account that the emulator plays. */
export const ACCOUNT = 'azbdemo';

const KEY_BYTES = 64;

/** A new account key, in Base64 like the service's. */
export function createKey(): string {
  return randomBytes(KEY_BYTES).toString('base64');
}

/** The key kept in a data directory, made on the first start. Only its owner may read it. */
export async function keptKey(directory: string): Promise<string> {
  const path = join(directory, 'account-key');
  await mkdir(directory, { recursive: true });
  const kept = (await readFile(path, 'utf8').catch(() => '')).trim();
  if (Buffer.from(kept, 'base64').length === KEY_BYTES) return kept;
  const key = createKey();
  await writeFile(path, `${key}\n`, { mode: 0o600 });
  return key;
}
