import { randomBytes } from 'node:crypto';
import { mkdir, open, readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';

/** The account that the emulator plays. */
export const ACCOUNT = 'azbdemo';

const KEY_BYTES = 64;

/** A new account key, in Base64 like the service's. */
export function createKey(): string {
  return randomBytes(KEY_BYTES).toString('base64');
}

/** Which of an account's two keys. */
export type KeyName = 'primary' | 'secondary';

/** Where each key is kept; the first one was there before accounts had two. */
const FILES: Readonly<Record<KeyName, string>> = {
  primary: 'account-key',
  secondary: 'account-key-secondary',
};

/** The two keys of an account, kept in files that only their owner may read. */
export class AccountKeys {
  readonly #directory: string;
  readonly #keys: Record<KeyName, string>;
  /** One change at a time: two would write into the same file. */
  #changing: Promise<void> = Promise.resolve();

  private constructor(directory: string, keys: Record<KeyName, string>) {
    this.#directory = directory;
    this.#keys = keys;
  }

  /** Reads the keys of a directory; those that are missing are made. */
  static async open(directory: string): Promise<AccountKeys> {
    await mkdir(directory, { recursive: true });
    const primary = await keptKey(directory, 'primary');
    return new AccountKeys(directory, { primary, secondary: await keptKey(directory, 'secondary') });
  }

  get primary(): string {
    return this.#keys.primary;
  }

  get secondary(): string {
    return this.#keys.secondary;
  }

  /** Both; either opens the account. */
  values(): readonly string[] {
    return [this.#keys.primary, this.#keys.secondary];
  }

  /** Puts a new key in the place of one. Resolves when it is on the disk; the old one opens nothing any more. */
  regenerate(name: KeyName): Promise<void> {
    const change = async () => {
      const key = createKey();
      await keep(this.#directory, name, key);
      this.#keys[name] = key;
    };
    this.#changing = this.#changing.then(change, change);
    return this.#changing;
  }
}

async function keptKey(directory: string, name: KeyName): Promise<string> {
  const kept = (await readFile(join(directory, FILES[name]), 'utf8').catch(() => '')).trim();
  if (Buffer.from(kept, 'base64').length === KEY_BYTES) return kept;
  const key = createKey();
  await keep(directory, name, key);
  return key;
}

/** The file has the old key or the new one at any moment. */
async function keep(directory: string, name: KeyName, key: string): Promise<void> {
  const path = join(directory, FILES[name]);
  const file = await open(`${path}.arriving`, 'w', 0o600);
  try {
    await file.writeFile(`${key}\n`);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(`${path}.arriving`, path);
}
