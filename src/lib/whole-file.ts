import { link, lstat, open, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** A file that is written beside its place, and is there only when it is whole. */
export interface WholeFile {
  write(bytes: Uint8Array, at: number): Promise<void>;
  /** Puts it in its place. Rejects, like the others, with what Node says: `EEXIST` where something is there. */
  keep(): Promise<void>;
  discard(): Promise<void>;
}

export interface WholeFileOptions {
  readonly mode?: number;
  /** Whether a file, or a link to one, may be in the place already. */
  readonly replace?: boolean;
}

/** Begins a file that comes to be at the path when it is kept. */
export async function beginFile(path: string, options: WholeFileOptions = {}): Promise<WholeFile> {
  const { mode = 0o666, replace = false } = options;
  if (replace && (await isDevice(path))) return writeThrough(path);
  // Its own name may be as long as a name can be.
  const part = join(dirname(path), `.azb-${Math.random().toString(36).slice(2)}.part`);
  const handle = await open(part, 'wx', mode);
  return {
    write: async (bytes, at) => {
      for (let done = 0; done < bytes.length; ) {
        done += (await handle.write(bytes, done, bytes.length - done, at + done)).bytesWritten;
      }
    },
    keep: async () => {
      await handle.close();
      try {
        await (replace ? rename(part, path) : putWhereNothingIs(part, path));
      } finally {
        await rm(part, { force: true });
      }
    },
    discard: async () => {
      await handle.close();
      await rm(part, { force: true });
    },
  };
}

/** Of what is neither a file nor a link nor a directory, only the content can be replaced. */
async function isDevice(path: string): Promise<boolean> {
  const found = await lstat(path).catch(() => undefined);
  return found !== undefined && !found.isFile() && !found.isSymbolicLink() && !found.isDirectory();
}

async function writeThrough(path: string): Promise<WholeFile> {
  const handle = await open(path, 'w');
  return {
    write: async (bytes) => void (await handle.writeFile(bytes)),
    keep: () => handle.close(),
    discard: () => handle.close(),
  };
}

async function putWhereNothingIs(part: string, path: string): Promise<void> {
  try {
    await link(part, path);
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    // Not every file system has links.
    if (!['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK'].includes(code)) throw error;
    await (await open(path, 'wx')).close();
    await rename(part, path);
  }
}
