import { existsSync, type FSWatcher, watch as fsWatch } from 'node:fs';
import { dirname, join } from 'node:path';

/** Long enough for an editor to finish writing, short enough to feel immediate. */
const QUIET = 150;

export interface WatchOptions {
  /** The configuration folder; it need not be there yet. */
  readonly folder: string;
  /** Runs a function later; gives what calls it off. */
  setTimer(run: () => void, milliseconds: number): () => void;
  /** Something in the folder has changed, and it has been quiet since. */
  onChange(): void;
  /** Changes can no longer be noticed. */
  onTrouble(error: Error): void;
}

/**
 * Notices when a file of the configuration folder or of its `skins` changes. Folders are watched, not files:
 * editors replace a file by a new one. Gives what ends it.
 */
export function watchConfiguration(options: WatchOptions): () => void {
  const { folder, setTimer, onChange, onTrouble } = options;
  let watchers: readonly FSWatcher[] = [];
  let cancel = (): void => undefined;
  let ended = false;
  const close = (): void => {
    for (const watcher of watchers) watcher.close();
    watchers = [];
  };
  const arm = (): void => {
    close();
    try {
      watchers = watchedFolders(folder).map((path) => {
        const watcher = fsWatch(path, { persistent: false }, noticed);
        watcher.on('error', (error) => onTrouble(error));
        return watcher;
      });
    } catch (error) {
      onTrouble(error instanceof Error ? error : new Error(String(error)));
    }
  };
  const settled = (): void => {
    if (ended) return;
    // A folder that was made or replaced is another one to watch.
    arm();
    if (existsSync(folder)) onChange();
  };
  function noticed(): void {
    cancel();
    cancel = setTimer(settled, QUIET);
  }
  arm();
  return () => {
    ended = true;
    cancel();
    close();
  };
}

/** What is there of the folder and its skins; without the folder the nearest one above it, where it will appear. */
function watchedFolders(folder: string): string[] {
  const wanted = [folder, join(folder, 'skins')].filter((path) => existsSync(path));
  if (wanted.length > 0) return wanted;
  let above = dirname(folder);
  while (!existsSync(above) && dirname(above) !== above) above = dirname(above);
  return [above];
}
