/**
 * Memory over a long session: a job whose tasks change each second, looked at, moved in, filtered, described and left
 * and entered again. Options: `--minutes N` (default 60) and `--tasks N` (default 10000).
 */
import { parseArgs } from 'node:util';
import { emulatorWithTasks, JOB, startAzb, untilTasksHeld } from './support/azb.ts';
import { taskId, terminateTasks } from './support/client.ts';
import { temporaryFolder } from './support/emulator.ts';
import { median } from './support/stats.ts';
import { below, number, printTable } from './support/table.ts';

const { values } = parseArgs({ options: { minutes: { type: 'string' }, tasks: { type: 'string' } } });
const MINUTES = Number(values.minutes ?? 60);
const TASKS = Number(values.tasks ?? 10_000);

/** What is pressed in turn, a line a second: what people do who leave azb open. */
const HABITS = [
  'j',
  'j',
  '\x06',
  'k',
  'd',
  '\x1b',
  'G',
  'g',
  '/9\r',
  '/\x15\r',
  'S',
  'N',
  'y',
  '\x1b',
  '\x06',
  '\x02',
];
/** Seconds between two visits to another list. */
const VISIT = 40;

const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

const folder = temporaryFolder();
const emulator = await emulatorWithTasks(TASKS);
try {
  const from = emulator.requests.length;
  const azb = startAzb({ emulator, home: folder.path, refresh: 2, command: `tasks ${JOB}` });
  await untilTasksHeld(azb, emulator, from, TASKS / 1000);
  const samples: number[] = [];
  let next = 1;
  for (let second = 0; second < MINUTES * 60; second += 1) {
    // Every third task is completed from the start.
    if (next % 3 === 0) next += 1;
    if (next < TASKS) await terminateTasks(emulator, JOB, [taskId(next)]);
    next += 1;
    if (second % VISIT === VISIT - 2) azb.write('\x1b:pools\r');
    else if (second % VISIT === VISIT - 1) azb.write(`:tasks ${JOB}\r`);
    else azb.write(HABITS[second % HABITS.length] ?? 'j');
    await pause(1000);
    if (second % 60 === 59) samples.push(azb.memory().now);
  }
  const { peak } = azb.memory();
  await azb.end();
  // The first minutes are those in which caches fill and the compiler works.
  const quarter = Math.max(1, Math.floor(samples.length / 4));
  const early = median(samples.slice(quarter, 2 * quarter));
  const late = median(samples.slice(-quarter));
  const every = Math.max(1, Math.round(samples.length / 12));
  printTable(
    `Memory over ${MINUTES} minutes, ${TASKS.toLocaleString('en-US')} tasks, MB`,
    ['minute', 'now'],
    samples.flatMap((held, minute) =>
      minute % every === every - 1 ? [[String(minute + 1), number(held)]] : [],
    ),
  );
  printTable(
    'azb and its bars',
    ['what', 'azb', 'bar', ''],
    [
      ['last quarter over the second one', number(late / early), '≤ 1.05', below(late / early, 1.05)],
      ['peak, MB', number(peak), '≤ 100', below(peak, 100)],
    ],
  );
} finally {
  await emulator.end('SIGTERM');
  folder.remove();
}
