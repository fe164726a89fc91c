import { mkdir, open, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';

/** A certificate as the client sent it, with what is secret of it. */
export interface CertificateFile {
  readonly format: 'pfx' | 'cer';
  /** In Base64. */
  readonly data: string;
  readonly password?: string | undefined;
}

/** The files of the account's certificates, which nobody but their owner can read. */
export class CertificateFiles {
  readonly #directory: string;

  constructor(directory: string) {
    this.#directory = directory;
  }

  /** Resolves when the file is on the disk. */
  async put(thumbprint: string, content: CertificateFile): Promise<void> {
    await mkdir(this.#directory, { recursive: true, mode: 0o700 });
    const file = await open(this.#path(thumbprint), 'w', 0o600);
    try {
      await file.writeFile(JSON.stringify(content));
      await file.sync();
    } finally {
      await file.close();
    }
  }

  /** The file; undefined when there is none. */
  async get(thumbprint: string): Promise<CertificateFile | undefined> {
    const text = await readFile(this.#path(thumbprint), 'utf8').catch(() => undefined);
    return text === undefined ? undefined : (JSON.parse(text) as CertificateFile);
  }

  async remove(thumbprint: string): Promise<void> {
    await rm(this.#path(thumbprint), { force: true });
  }

  #path(thumbprint: string): string {
    if (!/^[0-9a-f]+$/i.test(thumbprint)) throw new RangeError(`'${thumbprint}' is no thumbprint`);
    return join(this.#directory, `${thumbprint.toLowerCase()}.json`);
  }
}
