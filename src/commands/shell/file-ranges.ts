import type { BatchPort, FileRef } from '../../api/port.ts';

/** Bytes asked for at a time. */
export const CHUNK = 4 * 1024 * 1024;
/** Bytes asked for at a time when lines are counted from the end. */
const TAIL_BLOCK = 64 * 1024;
const NEWLINE = 0x0a;

/** The bytes `[start, end)` of a file in parts; ends early when the file does. */
export async function* readBetween(
  port: BatchPort,
  file: FileRef,
  start: number,
  end: number,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array> {
  let at = start;
  while (at < end) {
    const bytes = await port.readFile(file, { start: at, end: Math.min(at + CHUNK, end) }, signal);
    if (bytes.byteLength === 0) return;
    at += bytes.byteLength;
    yield bytes;
  }
}

/** Where the last `lines` lines of a file of `size` bytes begin, found by reading blocks from its end. */
export async function tailStart(
  port: BatchPort,
  file: FileRef,
  size: number,
  lines: number,
  signal: AbortSignal,
): Promise<number> {
  if (lines === 0) return size;
  let end = size;
  let missing = lines;
  while (end > 0) {
    const start = Math.max(0, end - TAIL_BLOCK);
    const bytes = await port.readFile(file, { start, end }, signal);
    for (let index = bytes.byteLength - 1; index >= 0; index -= 1) {
      if (bytes[index] !== NEWLINE) continue;
      // The newline that ends the file begins no line of its own.
      if (start + index === size - 1) continue;
      missing -= 1;
      if (missing === 0) return start + index + 1;
    }
    end = start;
  }
  return 0;
}
