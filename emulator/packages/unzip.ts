import { createWriteStream } from 'node:fs';
import { type FileHandle, mkdir, open, symlink } from 'node:fs/promises';
import { dirname, join, posix } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { crc32, createInflateRaw } from 'node:zlib';
import { readAt, readZipDirectory, type ZipEntry, ZipError } from './zip-directory.ts';

/** An archive that claims to unpack to more than this is refused: it is more likely a bomb than a package. */
const MOST_UNPACKED_BYTES = 16 * 2 ** 30;
const MOST_ENTRIES = 100_000;
const LOCAL_HEADER_LENGTH = 30;
const LOCAL_SIGNATURE = 0x04034b50;
const LONGEST_LINK = 4096;
/** What a file may be when the archive does not say: a package's programs must run. */
const DEFAULT_MODE = 0o755;

/** Looks whether the archive at `path` can be unpacked, as far as its table of contents tells. @throws ZipError */
export async function checkZip(path: string): Promise<void> {
  const file = await open(path);
  try {
    await readEntries(file);
  } finally {
    await file.close();
  }
}

/**
 * Unpacks the archive at `path` into `directory`, which is created.
 * @throws ZipError when the archive cannot be read; what was unpacked until then stays.
 */
export async function unzip(path: string, directory: string): Promise<void> {
  const file = await open(path);
  try {
    const entries = await readEntries(file);
    await mkdir(directory, { recursive: true });
    for (const entry of entries) {
      if (entry.kind === 'directory') await mkdir(join(directory, entry.path), { recursive: true });
      else if (entry.kind === 'file') await writeEntry(file, entry, directory);
    }
    // Links come last, so that no file is ever written through one.
    for (const entry of entries) if (entry.kind === 'link') await makeLink(file, entry, directory);
  } finally {
    await file.close();
  }
}

async function readEntries(file: FileHandle): Promise<ZipEntry[]> {
  const entries = await readZipDirectory(file);
  const total = entries.reduce((sum, { size }) => sum + size, 0);
  if (entries.length > MOST_ENTRIES || total > MOST_UNPACKED_BYTES) {
    throw new ZipError('The archive would unpack to more than is allowed here.');
  }
  return entries;
}

async function writeEntry(file: FileHandle, entry: ZipEntry, directory: string): Promise<void> {
  const target = join(directory, entry.path);
  await mkdir(dirname(target), { recursive: true });
  const output = createWriteStream(target, { mode: entry.mode ?? DEFAULT_MODE });
  try {
    await pipeline(await contentOf(file, entry), checking(entry), output);
  } catch (error) {
    throw error instanceof ZipError || !isDamage(error)
      ? error
      : new ZipError(`The entry ${entry.path} is damaged.`);
  }
}

function isDamage(error: unknown): boolean {
  return ((error as NodeJS.ErrnoException).code ?? '').startsWith('Z_');
}

async function contentOf(file: FileHandle, entry: ZipEntry): Promise<Readable> {
  const header = await readAt(file, entry.headerOffset, LOCAL_HEADER_LENGTH);
  if (header.readUInt32LE(0) !== LOCAL_SIGNATURE) throw new ZipError(`The entry ${entry.path} is damaged.`);
  const start = entry.headerOffset + LOCAL_HEADER_LENGTH + header.readUInt16LE(26) + header.readUInt16LE(28);
  if (entry.compressedSize === 0) return Readable.from([]);
  const end = start + entry.compressedSize - 1;
  const stored = file.createReadStream({ start, end, autoClose: false });
  if (!entry.isDeflated) return stored;
  const inflated = createInflateRaw();
  stored.on('error', (error) => inflated.destroy(error));
  return stored.pipe(inflated);
}

/** Passes an entry's content on and makes sure that it is what the table of contents says. */
function checking(entry: ZipEntry) {
  return async function* (content: AsyncIterable<Buffer>) {
    let size = 0;
    let crc = 0;
    for await (const chunk of content) {
      size += chunk.length;
      if (size > entry.size) break;
      crc = crc32(chunk, crc);
      yield chunk;
    }
    if (size !== entry.size || crc !== entry.crc) throw new ZipError(`The entry ${entry.path} is damaged.`);
  };
}

async function makeLink(file: FileHandle, entry: ZipEntry, directory: string): Promise<void> {
  if (entry.size > LONGEST_LINK) throw new ZipError(`The link ${entry.path} is too long.`);
  const chunks: Buffer[] = [];
  for await (const chunk of await contentOf(file, entry)) chunks.push(chunk as Buffer);
  const target = Buffer.concat(chunks).toString('utf8');
  const resolved = posix.normalize(posix.join(posix.dirname(entry.path), target));
  if (posix.isAbsolute(target) || resolved === '..' || resolved.startsWith('../')) {
    throw new ZipError(`The link ${entry.path} points outside of its directory.`);
  }
  const path = join(directory, entry.path);
  await mkdir(dirname(path), { recursive: true });
  await symlink(target, path);
}
