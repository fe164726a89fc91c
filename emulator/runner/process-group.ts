import { setTimeout as delay } from 'node:timers/promises';
import { listProcesses, readProcess } from './process-table.ts';

/** Milliseconds a group has between SIGTERM and SIGKILL, unless the caller says otherwise. */
export const DEFAULT_GRACE_MS = 1000;

/** A process in uninterruptible sleep outlives SIGKILL; nobody waits for it longer than this. */
const KILLED_WAIT_MS = 5000;
const POLL_MS = 10;

/** Asks the process group to end, then forces it, and resolves when no living process of it is left. */
export async function terminateGroup(group: number, graceMs = DEFAULT_GRACE_MS): Promise<void> {
  if (!signalGroup(group, 'SIGTERM')) return;
  if (await waitUntilGone(group, graceMs)) return;
  await killGroup(group);
}

/** Forces the process group to end and resolves when no living process of it is left. */
export async function killGroup(group: number): Promise<void> {
  if (!signalGroup(group, 'SIGKILL')) return;
  await waitUntilGone(group, KILLED_WAIT_MS);
}

function signalGroup(group: number, signal: NodeJS.Signals | 0): boolean {
  try {
    process.kill(-group, signal);
    return true;
  } catch {
    return false;
  }
}

async function waitUntilGone(group: number, timeoutMs: number): Promise<boolean> {
  const deadline = performance.now() + timeoutMs;
  while (await isGroupAlive(group)) {
    if (performance.now() >= deadline) return false;
    await delay(POLL_MS);
  }
  return true;
}

/** Whether a process of the group lives; zombies do not. */
export async function isGroupAlive(group: number): Promise<boolean> {
  if (!signalGroup(group, 0)) return false;
  // The signal also reaches zombies, which nobody may ever reap where the first process is no real init.
  const self = await readProcess(process.pid);
  if (self === undefined) return true;
  return (await listProcesses()).some((entry) => entry.group === group && !entry.zombie);
}
