/**
 * What azb costs when nothing happens: bytes to the terminal and CPU, with a refresh every 2 seconds.
 * Options: `--tasks N` (default 20000) and `--seconds N` (default 30).
 */
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { emulatorWithTasks, JOB, startAzb, untilTasksHeld } from './support/azb.ts';
import { checkBaseline } from './support/baseline.ts';
import { temporaryFolder } from './support/emulator.ts';
import { cpuMs } from './support/process.ts';
import { below, number, printTable } from './support/table.ts';
import type { Program } from './support/terminal.ts';

const { values } = parseArgs({ options: { tasks: { type: 'string' }, seconds: { type: 'string' } } });
const TASKS = Number(values.tasks ?? 20_000);
const SECONDS = Number(values.seconds ?? 30);
const REFRESH = 2;
/** V8 tidies the heap a minute after a load (scripts/loader.cjs), which takes about 0.1 s of CPU once. */
const SETTLED_MS = 90_000;

interface Idle {
  readonly bytesPerSecond: number;
  readonly cpuPercent: number;
}

async function watch(program: Program): Promise<Idle> {
  const before = { bytes: program.bytes, cpu: cpuMs(program.pid) };
  await new Promise((resolve) => setTimeout(resolve, SECONDS * 1000));
  return {
    bytesPerSecond: (program.bytes - before.bytes) / SECONDS,
    cpuPercent: (cpuMs(program.pid) - before.cpu) / (SECONDS * 10),
  };
}

const folder = temporaryFolder();
const emulator = await emulatorWithTasks(TASKS);
try {
  // Rows tick each second while they are young; let those of this job grow older than that.
  await new Promise((resolve) => setTimeout(resolve, 61_000));
  const from = emulator.requests.length;
  const azb = startAzb({ emulator, home: folder.path, refresh: REFRESH, command: `tasks ${JOB}` });
  await untilTasksHeld(azb, emulator, from, Math.min(TASKS, 20_000) / 1000);
  const loading = await watch(azb);
  await new Promise((resolve) => setTimeout(resolve, Math.max(0, SETTLED_MS - SECONDS * 1000)));
  const asked = emulator.requests.length;
  const tasks = await watch(azb);
  const requests = emulator.requests.length - asked;
  await azb.end();
  // In a home of its own: azb begins with the list that was open when it ended.
  const pools = startAzb({ emulator, home: join(folder.path, 'pools'), refresh: REFRESH });
  await pools.until(/bench-pool/);
  await new Promise((resolve) => setTimeout(resolve, SETTLED_MS));
  const few = await watch(pools);
  await pools.end();
  printTable(
    `Idle for ${SECONDS} s, a refresh every ${REFRESH} s`,
    ['', 'B/s', 'CPU %'],
    [
      ['azb, just after loading', number(loading.bytesPerSecond), number(loading.cpuPercent)],
      [`azb, ${TASKS.toLocaleString('en-US')} tasks`, number(tasks.bytesPerSecond), number(tasks.cpuPercent)],
      ['azb, a list of one pool', number(few.bytesPerSecond), number(few.cpuPercent)],
    ],
  );
  printTable(
    'azb and its bars',
    ['what', 'azb', 'bar', ''],
    [
      ['CPU of a core, %', number(tasks.cpuPercent), '≤ 0.5', below(tasks.cpuPercent, 0.5)],
      ['bytes a second, nothing but ages', number(tasks.bytesPerSecond), '', ''],
      [
        'requests a refresh',
        number(requests / (SECONDS / REFRESH)),
        '≤ 2',
        below(requests / (SECONDS / REFRESH), 2.2),
      ],
    ],
  );
  checkBaseline('idle', { 'bytes a second': tasks.bytesPerSecond });
} finally {
  await emulator.end('SIGTERM');
  folder.remove();
}
