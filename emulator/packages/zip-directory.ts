import type { FileHandle } from 'node:fs/promises';

/** What is wrong with an archive, in words for whoever uploaded it. */
export class ZipError extends Error {
  override readonly name = 'ZipError';
}

/** One file, directory or link of an archive. */
export interface ZipEntry {
  /** With `/` between the parts and none at either end. */
  readonly path: string;
  readonly kind: 'file' | 'directory' | 'link';
  /** Permission bits; undefined when the archive was made where there are none. */
  readonly mode: number | undefined;
  readonly isDeflated: boolean;
  readonly compressedSize: number;
  readonly size: number;
  readonly crc: number;
  /** Where the entry's own header stands in the file; its data follows that. */
  readonly headerOffset: number;
}

const END_SIGNATURE = 0x06054b50;
const ENTRY_SIGNATURE = 0x02014b50;
const END_LENGTH = 22;
const ENTRY_LENGTH = 46;
const LONGEST_COMMENT = 0xffff;
/** Stands in a field whose value is kept in a ZIP64 extension. */
const ELSEWHERE_16 = 0xffff;
const ELSEWHERE_32 = 0xffffffff;
const FLAG_ENCRYPTED = 0x1;
const FLAG_UTF8 = 0x800;
const METHOD_STORED = 0;
const METHOD_DEFLATED = 8;
const MADE_BY_UNIX = 3;
const UNIX_KIND = 0o170000;
const UNIX_LINK = 0o120000;
const MOST_DIRECTORY_BYTES = 64 * 2 ** 20;

/**
 * Reads an archive's table of contents.
 * @throws ZipError when it is no archive, or one of a kind that is not read here (encrypted, in parts, ZIP64), or
 * when an entry's path would leave the directory that it is unpacked into.
 * @see https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT
 */
export async function readZipDirectory(file: FileHandle): Promise<ZipEntry[]> {
  const { count, offset, length } = await findDirectory(file);
  if (length > MOST_DIRECTORY_BYTES) throw new ZipError('The archive has too many entries.');
  const bytes = await readAt(file, offset, length);
  const entries: ZipEntry[] = [];
  let at = 0;
  for (let index = 0; index < count; index += 1) {
    if (at + ENTRY_LENGTH > bytes.length || bytes.readUInt32LE(at) !== ENTRY_SIGNATURE) {
      throw new ZipError('The table of contents of the archive is damaged.');
    }
    const header = bytes.subarray(at);
    entries.push(readEntry(header));
    at += entryLength(header);
  }
  return entries;
}

/** Reads exactly these bytes. @throws ZipError when the file ends before. */
export async function readAt(file: FileHandle, offset: number, length: number): Promise<Buffer> {
  const bytes = Buffer.alloc(length);
  const { bytesRead } = await file.read(bytes, 0, length, offset);
  if (bytesRead < length) throw new ZipError('The archive is cut short.');
  return bytes;
}

async function findDirectory(file: FileHandle): Promise<{ count: number; offset: number; length: number }> {
  const { size } = await file.stat();
  const tailLength = Math.min(size, END_LENGTH + LONGEST_COMMENT);
  const tail = await readAt(file, size - tailLength, tailLength);
  for (let at = tail.length - END_LENGTH; at >= 0; at -= 1) {
    if (tail.readUInt32LE(at) !== END_SIGNATURE) continue;
    const count = tail.readUInt16LE(at + 10);
    const length = tail.readUInt32LE(at + 12);
    const offset = tail.readUInt32LE(at + 16);
    if (count === ELSEWHERE_16 || length === ELSEWHERE_32 || offset === ELSEWHERE_32) {
      throw new ZipError('Archives in the ZIP64 format are not read here.');
    }
    if (tail.readUInt16LE(at + 4) !== 0) throw new ZipError('Archives in several parts are not read here.');
    if (offset + length > size) throw new ZipError('The archive is cut short.');
    return { count, offset, length };
  }
  throw new ZipError('The file is no zip archive.');
}

function entryLength(header: Buffer): number {
  return ENTRY_LENGTH + header.readUInt16LE(28) + header.readUInt16LE(30) + header.readUInt16LE(32);
}

function readEntry(header: Buffer): ZipEntry {
  const flags = header.readUInt16LE(8);
  const method = header.readUInt16LE(10);
  const name = header
    .subarray(ENTRY_LENGTH, ENTRY_LENGTH + header.readUInt16LE(28))
    .toString((flags & FLAG_UTF8) !== 0 ? 'utf8' : 'latin1');
  if ((flags & FLAG_ENCRYPTED) !== 0) throw new ZipError(`The entry ${name} is encrypted.`);
  if (method !== METHOD_STORED && method !== METHOD_DEFLATED) {
    throw new ZipError(`The entry ${name} is compressed in a way that is not read here (${method}).`);
  }
  const compressedSize = header.readUInt32LE(20);
  const size = header.readUInt32LE(24);
  const headerOffset = header.readUInt32LE(42);
  if (compressedSize === ELSEWHERE_32 || size === ELSEWHERE_32 || headerOffset === ELSEWHERE_32) {
    throw new ZipError('Archives in the ZIP64 format are not read here.');
  }
  const unixMode = header.readUInt8(5) === MADE_BY_UNIX ? header.readUInt32LE(38) >>> 16 : 0;
  return {
    path: safePath(name),
    kind: kindOf(name, unixMode),
    mode: unixMode === 0 ? undefined : unixMode & 0o777,
    isDeflated: method === METHOD_DEFLATED,
    compressedSize,
    size,
    crc: header.readUInt32LE(16),
    headerOffset,
  };
}

function kindOf(name: string, unixMode: number): ZipEntry['kind'] {
  if (/[/\\]$/.test(name)) return 'directory';
  return (unixMode & UNIX_KIND) === UNIX_LINK ? 'link' : 'file';
}

/** Some programs on Windows separate with backslashes. */
function safePath(name: string): string {
  const parts = name.replaceAll('\\', '/').split('/');
  const isAbsolute = parts[0] === '' || /^[A-Za-z]:$/.test(parts[0] ?? '');
  if (isAbsolute || parts.includes('..') || name.includes('\0')) {
    throw new ZipError(`The entry ${JSON.stringify(name)} would be unpacked outside of its directory.`);
  }
  return parts.filter((part) => part !== '' && part !== '.').join('/');
}
