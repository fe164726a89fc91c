import type { ByteRange, FileRef } from '../../src/api/port.ts';
import { task } from './samples.ts';

/** A service with one file, whose text a test may let grow, and which belongs to a task in this state. */
export function oneFile(text: string, changes: object = { state: 'running' }) {
  const world = { text };
  const bytes = () => new TextEncoder().encode(world.text);
  return {
    world,
    script: {
      get: async () => task('mytask4', changes),
      statFile: async () => ({
        size: bytes().length,
        lastModified: undefined,
        isDirectory: false,
        contentType: undefined,
      }),
      readFile: async (_file: FileRef, { start, end }: ByteRange) => bytes().subarray(start, end),
    },
  };
}
