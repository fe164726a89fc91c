import { readdir, readFile } from 'node:fs/promises';

/** One line of the system's process table, from /proc. */
export interface ProcessEntry {
  readonly pid: number;
  readonly group: number;
  readonly session: number;
  /** A zombie has ended; only its parent can take it off the table. */
  readonly zombie: boolean;
  /** Clock ticks between boot and the start of the process: with the pid, an identity that is never reused. */
  readonly startTicks: string;
}

/** Reads one process from /proc; nothing when it is gone, or where there is no /proc. */
export async function readProcess(pid: number): Promise<ProcessEntry | undefined> {
  try {
    return parseStat(await readFile(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return undefined;
  }
}

/** Reads the whole process table; empty where there is no /proc. */
export async function listProcesses(): Promise<ProcessEntry[]> {
  const names = await readdir('/proc').catch((): string[] => []);
  const entries = await Promise.all(
    names.filter((name) => /^\d+$/.test(name)).map((name) => readProcess(Number(name))),
  );
  return entries.filter((entry) => entry !== undefined);
}

/** Parses the text of /proc/PID/stat, see proc(5). The second field may hold spaces and parentheses. */
export function parseStat(text: string): ProcessEntry | undefined {
  const pid = Number.parseInt(text, 10);
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  const [state, , group, session] = fields;
  const startTicks = fields[19];
  if (state === undefined || startTicks === undefined || Number.isNaN(pid)) return undefined;
  return {
    pid,
    group: Number(group),
    session: Number(session),
    zombie: state === 'Z' || state === 'X',
    startTicks,
  };
}
