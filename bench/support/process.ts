import { readdirSync, readFileSync } from 'node:fs';

/** Linux counts CPU time in ticks of 10 ms in /proc; the schedstat next to it counts nanoseconds. */
const NANOSECONDS = 1e6;

/** CPU that a process has used up to now, all its threads together, in milliseconds; 0 when it is gone. */
export function cpuMs(pid: number): number {
  try {
    return readdirSync(`/proc/${pid}/task`)
      .map((thread) => Number(readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'utf8').split(' ')[0]))
      .reduce((sum, each) => sum + each / NANOSECONDS, 0);
  } catch {
    return 0;
  }
}

/** Memory of a process in MB: what it holds now, and the most it ever held; 0 when it is gone. */
export function memoryMb(pid: number): { now: number; peak: number } {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    return { now: field(status, 'VmRSS') / 1024, peak: field(status, 'VmHWM') / 1024 };
  } catch {
    return { now: 0, peak: 0 };
  }
}

function field(status: string, name: string): number {
  return Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(status)?.[1] ?? 0);
}
