import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { killGroup } from './process-group.ts';
import { listProcesses, type ProcessEntry, parseStat } from './process-table.ts';

/** What a pid file says: enough to tell the process from a later one with the same pid. */
interface PidRecord {
  readonly pid: number;
  readonly startTicks: string;
  readonly boot: string;
}

/**
 * Writes down that the process group `pid` is ours, in the existing `directory`. Synchronous, so that a caller that
 * starts and remembers a process in one go leaves no moment at which it could die in between with nothing written.
 */
export function rememberProcess(directory: string, pid: number): void {
  const record: PidRecord = { pid, startTicks: startTicksOf(pid), boot: bootId() };
  writeFileSync(pidFile(directory, pid), JSON.stringify(record));
}

/** Crosses out a process that has ended. */
export function forgetProcess(directory: string, pid: number): void {
  rmSync(pidFile(directory, pid), { force: true });
}

/**
 * Kills what earlier runs of this program left behind: the process groups written down in or below `directory`, which
 * is created if need be and then empty, and every process whose environment says that it runs on a node below `nodesRoot`. A stranger
 * that got the pid of one of ours is left alone. Answers the number of process groups killed.
 */
export async function reapOrphans(directory: string, nodesRoot?: string): Promise<number> {
  await mkdir(directory, { recursive: true });
  const processes = await otherProcesses();
  const groups = new Set<number>();
  for (const name of await readdir(directory, { recursive: true })) {
    if (!name.endsWith('.json')) continue;
    const record = parseRecord(await readFile(join(directory, name), 'utf8').catch(() => ''));
    if (record !== undefined && record.boot === bootId() && isOurs(record, processes)) groups.add(record.pid);
  }
  if (nodesRoot !== undefined) {
    for (const group of await groupsOn(processes, [nodesRoot])) groups.add(group);
  }
  await Promise.all([...groups].map((group) => killGroup(group)));
  for (const name of await readdir(directory)) {
    await rm(join(directory, name), { recursive: true, force: true });
  }
  return groups.size;
}

/**
 * Kills every process whose environment says that it runs on one of the nodes with these root directories, or on a node
 * below one of them: tasks can leave their process group, but not what they were started with.
 */
export async function killProcessesOn(roots: readonly string[]): Promise<void> {
  const groups = await groupsOn(await otherProcesses(), roots);
  await Promise.all([...groups].map((group) => killGroup(group)));
}

/** All living processes, without this one and those of its group. */
async function otherProcesses(): Promise<ProcessEntry[]> {
  const everything = await listProcesses();
  const self = everything.find((entry) => entry.pid === process.pid);
  return everything.filter((entry) => !entry.zombie && entry.group !== self?.group);
}

async function groupsOn(processes: readonly ProcessEntry[], roots: readonly string[]): Promise<Set<number>> {
  const groups = await Promise.all(
    processes.map(async ({ pid, group }) => {
      const root = await nodeRootOf(pid);
      const isOnOne = roots.some((each) => root === each || root?.startsWith(each + sep));
      return isOnOne ? [group] : [];
    }),
  );
  return new Set(groups.flat());
}

function isOurs(record: PidRecord, processes: readonly ProcessEntry[]): boolean {
  const leader = processes.find((entry) => entry.pid === record.pid);
  if (leader !== undefined) return leader.startTicks === record.startTicks;
  // With the leader gone, what it started in its own session still counts as ours.
  return processes.some(
    (entry) =>
      entry.group === record.pid &&
      entry.session === record.pid &&
      Number(entry.startTicks) >= Number(record.startTicks),
  );
}

async function nodeRootOf(pid: number): Promise<string | undefined> {
  // Only the owner of a process may read its environment, and others are no concern of ours.
  const text = await readFile(`/proc/${pid}/environ`, 'utf8').catch(() => '');
  const variable = text.split('\0').find((each) => each.startsWith(NODE_ROOT));
  return variable?.slice(NODE_ROOT.length);
}

const NODE_ROOT = 'AZ_BATCH_NODE_ROOT_DIR=';

function parseRecord(text: string): PidRecord | undefined {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== 'object' || value === null) return undefined;
    const { pid, startTicks, boot } = value as Partial<Record<keyof PidRecord, unknown>>;
    if (typeof pid !== 'number' || pid <= 1 || typeof startTicks !== 'string' || typeof boot !== 'string') {
      return undefined;
    }
    return { pid, startTicks, boot };
  } catch {
    // A file that was being written when the power went says nothing usable.
    return undefined;
  }
}

function pidFile(directory: string, pid: number): string {
  return join(directory, `${pid}.json`);
}

function startTicksOf(pid: number): string {
  return parseStat(readText(`/proc/${pid}/stat`))?.startTicks ?? '';
}

function bootId(): string {
  return readText('/proc/sys/kernel/random/boot_id').trim();
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
