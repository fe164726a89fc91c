import { readFileSync } from 'node:fs';

/**
 * The text of a file, or undefined when there is none. Any other failure rejects. Read at once: a round through Node's
 * threads takes longer than to read a small file, and the start waits for several.
 */
export async function readIfPresent(path: string): Promise<string | undefined> {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw error;
  }
}
