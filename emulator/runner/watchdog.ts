import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';

/**
 * Waits for the end of standard input, which comes when the program that holds the other end is gone, however it
 * ended; then kills the process groups whose notes are in $1 and what else runs on nodes below $3, and removes $2 unless it
 * is empty.
 */
const SCRIPT = `
cat >/dev/null
for note in "$1"/*.json; do
  [ -e "$note" ] || continue
  group=\${note##*/}
  kill -KILL "-\${group%.json}" 2>/dev/null
done
for process in $(grep -lsF "AZ_BATCH_NODE_ROOT_DIR=$3/" /proc/[0-9]*/environ); do
  process=\${process#/proc/}
  kill -KILL "\${process%/environ}" 2>/dev/null
done
[ -z "$2" ] || rm -rf -- "$2"
`;

/** What a watchdog looks after. */
export interface Watched {
  /** Directory of the notes of `rememberProcess`, of this run of the program alone; it need not exist yet. */
  readonly processes: string;
  /** Directory that is to go with this program. */
  readonly temporary: string | undefined;
  /** Directory of the directories of all nodes. */
  readonly nodes: string;
}

/**
 * A small process that outlives this one by a moment: no task goes on when the emulator is killed in a way that it
 * cannot answer. What it may miss, `reapOrphans` finds at the next start.
 */
export class Watchdog {
  readonly #child: ChildProcess;

  constructor(watched: Watched) {
    // In a session of its own, so that neither ctrl-c nor the end of the terminal takes it along.
    this.#child = spawn(
      '/bin/sh',
      ['-c', SCRIPT, 'azb-watchdog', watched.processes, watched.temporary ?? '', watched.nodes],
      {
        cwd: '/',
        stdio: ['pipe', 'ignore', 'ignore'],
        detached: true,
        env: { PATH: '/usr/bin:/bin' },
      },
    );
    this.#child.unref();
    // Without it nothing is lost but the promise about kill -9, which the next start makes good.
    for (const part of [this.#child, this.#child.stdin]) part?.on('error', () => {});
    // The pipe alone keeps no program alive.
    if (this.#child.stdin !== null && 'unref' in this.#child.stdin) {
      (this.#child.stdin as unknown as { unref(): void }).unref();
    }
  }

  /** Lets it go, which is for when nothing is left to look after. */
  dismiss(): void {
    this.#child.kill('SIGKILL');
    this.#child.stdin?.destroy();
  }
}

/** Directory of the notes of one run of the program, below that of all runs. */
export function notesOfRun(processes: string): string {
  return join(processes, `${Date.now()}-${process.pid}`);
}
