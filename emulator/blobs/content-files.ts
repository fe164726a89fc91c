import { createHash, randomUUID } from 'node:crypto';
import { constants, createReadStream } from 'node:fs';
import { copyFile, link, mkdir, open, readdir, rm, truncate } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import type { Part } from './records.ts';

/** Bytes that were written down, and their MD5. */
export interface Written {
  readonly file: string;
  readonly size: number;
  readonly md5: Buffer;
}

/**
 * The bytes of blobs, as files with names that mean nothing. A file of a block blob never changes; one of an append
 * blob only grows, and what stands behind the size that its record tells is left over from an append that came to
 * nothing. Files are removed when nobody reads them any more.
 */
export class ContentFiles {
  readonly #directory: string;
  readonly #durable: boolean;
  readonly #readers = new Map<string, number>();
  readonly #doomed = new Set<string>();

  /** @param durable whether bytes are to be on the disk when they count as written. */
  constructor(directory: string, durable: boolean) {
    this.#directory = directory;
    this.#durable = durable;
  }

  /** Writes all of a stream. What it throws, it leaves nothing behind. */
  async write(content: Readable): Promise<Written> {
    const file = randomUUID();
    const path = await this.#newPath(file);
    try {
      const written = await this.#writeAt(path, 'wx', 0, content);
      await this.#syncDirectory(path);
      return { file, ...written };
    } catch (error) {
      await rm(path, { force: true });
      throw error;
    }
  }

  /** Writes a stream behind the first `size` bytes of a file, over what an append left there that came to nothing. */
  append(file: string, size: number, content: Readable): Promise<Omit<Written, 'file'>> {
    return this.#writeAt(this.#path(file), 'r+', size, content);
  }

  /** The bytes `[start, end)` of a blob that consists of the parts. */
  read(parts: readonly Part[], start: number, end: number): Readable {
    const files = this.#hold(parts);
    const content = Readable.from(this.#chunks(parts, start, end), { objectMode: false });
    content.once('close', () => this.#release(files));
    return content;
  }

  async *#chunks(parts: readonly Part[], start: number, end: number): AsyncGenerator<Buffer> {
    let at = 0;
    for (const { file, size } of parts) {
      const from = Math.max(start - at, 0);
      const to = Math.min(end - at, size);
      if (from < to) yield* createReadStream(this.#path(file), { start: from, end: to - 1 });
      at += size;
    }
  }

  /** Files of their own with the content of the parts; no byte is copied where links are possible. */
  async copy(parts: readonly Part[], grows: boolean): Promise<Part[]> {
    const copies: Part[] = [];
    const held = this.#hold(parts);
    try {
      for (const part of parts) {
        const file = randomUUID();
        copies.push({ ...part, file });
        await this.#copyFile(part, await this.#newPath(file), grows);
      }
    } catch (error) {
      this.remove(copies.map(({ file }) => file));
      throw error;
    } finally {
      this.#release(held);
    }
    return copies;
  }

  async #copyFile({ file, size }: Part, target: string, grows: boolean): Promise<void> {
    if (!grows) {
      try {
        await link(this.#path(file), target);
        return await this.#syncDirectory(target);
      } catch (error) {
        const { code = '' } = error as NodeJS.ErrnoException;
        // Not every file system has links, and those that have them limit their number.
        if (!['EPERM', 'EMLINK', 'ENOTSUP', 'EXDEV', 'ENOSYS'].includes(code)) throw error;
      }
    }
    await copyFile(this.#path(file), target, constants.COPYFILE_FICLONE);
    await truncate(target, size);
    await this.#sync(target);
    await this.#syncDirectory(target);
  }

  /** Removes files once nobody reads them; that nothing names them any more must be safe by now. */
  remove(files: Iterable<string>): void {
    for (const file of files) {
      if (this.#readers.has(file)) this.#doomed.add(file);
      else void rm(this.#path(file), { force: true }).catch(() => {});
    }
  }

  /** Removes what no record names: it was written and not acknowledged when the emulator ended. */
  async removeOthers(isKept: (file: string) => boolean): Promise<void> {
    for (const folder of await readdir(this.#directory).catch(() => [])) {
      // What is no folder was not put there by the emulator.
      for (const file of await readdir(join(this.#directory, folder)).catch(() => [])) {
        if (!isKept(file)) await rm(join(this.#directory, folder, file), { force: true });
      }
    }
  }

  /** Keeps files from being removed until they are released. */
  #hold(parts: readonly Part[]): readonly string[] {
    const files = [...new Set(parts.map(({ file }) => file))];
    for (const file of files) this.#readers.set(file, (this.#readers.get(file) ?? 0) + 1);
    return files;
  }

  #release(files: readonly string[]): void {
    for (const file of files) {
      const left = (this.#readers.get(file) ?? 0) - 1;
      if (left > 0) {
        this.#readers.set(file, left);
        continue;
      }
      this.#readers.delete(file);
      if (this.#doomed.delete(file)) this.remove([file]);
    }
  }

  async #writeAt(
    path: string,
    flags: string,
    start: number,
    content: Readable,
  ): Promise<Omit<Written, 'file'>> {
    const hash = createHash('md5');
    let size = 0;
    const handle = await open(path, flags, 0o600);
    try {
      for await (const chunk of content as AsyncIterable<Buffer>) {
        hash.update(chunk);
        for (let done = 0; done < chunk.length; ) {
          done += (await handle.write(chunk, done, chunk.length - done, start + size + done)).bytesWritten;
        }
        size += chunk.length;
      }
      if (this.#durable) await handle.datasync();
    } finally {
      await handle.close();
    }
    return { size, md5: hash.digest() };
  }

  async #newPath(file: string): Promise<string> {
    const path = this.#path(file);
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    return path;
  }

  #path(file: string): string {
    return join(this.#directory, file.slice(0, 2), file);
  }

  async #sync(path: string): Promise<void> {
    if (!this.#durable) return;
    const handle = await open(path, 'r');
    try {
      await handle.sync();
    } finally {
      await handle.close();
    }
  }

  /** A file is only on the disk when its directory says so too, and that directory's own. */
  async #syncDirectory(path: string): Promise<void> {
    for (const directory of [dirname(path), this.#directory]) await this.#sync(directory);
  }
}
