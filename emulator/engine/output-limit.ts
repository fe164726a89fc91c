import { appendFileSync, statSync } from 'node:fs';
import type { RunningProcess, TaskDirectory } from '../runner/index.ts';
import type { World } from './world.ts';

/** Real milliseconds between two looks. What is written in between is what the limit may be exceeded by. */
const INTERVAL_MS = 500;

/**
 * Ends a process group whose outputs, stdout and stderr together, grow beyond the limit: a task that never stops to
 * write must not fill the disk of whoever tries it out. The last line of its stderr says so. The function returned
 * ends the watch.
 */
export function limitOutputs(world: World, process: RunningProcess, task: TaskDirectory): () => void {
  const most = world.options.outputBytes;
  const look = () => {
    if (sizeOf(task.stdout) + sizeOf(task.stderr) <= most) {
      cancel = world.after(INTERVAL_MS, look);
      return;
    }
    world.guard(async () => {
      await process.kill();
      appendFileSync(task.stderr, `\nazb emulator: ended, since its outputs are larger than ${most} bytes\n`);
    });
  };
  let cancel = world.after(INTERVAL_MS, look);
  return () => cancel();
}

/** Absent files have no size: a task may remove its own outputs. */
function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}
