/**
 * A job of a million tasks: first rows, what is held, what a quiet and a busy refresh cost, memory.
 * Option: `--tasks N` (default 1000000).
 */
import { parseArgs } from 'node:util';
import { emulatorWithTasks, JOB, startAzb, untilTasksHeld } from './support/azb.ts';
import { checkBaseline } from './support/baseline.ts';
import { taskId, terminateTasks } from './support/client.ts';
import { temporaryFolder } from './support/emulator.ts';
import { startProxy } from './support/proxy.ts';
import { below, number, printTable } from './support/table.ts';

const { values } = parseArgs({ options: { tasks: { type: 'string' } } });
const TASKS = Number(values.tasks ?? 1_000_000);
const HELD = Math.min(TASKS, 20_000);
const REFRESH = 2;
const QUIET_SECONDS = 40;
const BUSY_SECONDS = 10;

const wait = (seconds: number) => new Promise((resolve) => setTimeout(resolve, seconds * 1000));

/** Ends tasks as fast as it goes, until the time is over; gives how many a second. */
async function changeStates(
  emulator: Parameters<typeof terminateTasks>[0],
  seconds: number,
): Promise<number> {
  const end = performance.now() + seconds * 1000;
  let ended = 0;
  function* ids() {
    for (let number = 1; performance.now() < end; number += 1) {
      if (number % 100 === 0) continue;
      ended += 1;
      yield taskId(number);
    }
  }
  await terminateTasks(emulator, JOB, ids());
  return ended / seconds;
}

const folder = temporaryFolder();
const emulator = await emulatorWithTasks(TASKS);
const proxy = await startProxy(emulator);
try {
  // What changed in the last ten seconds is asked for again; here that would be the whole job.
  await wait(12);
  const from = emulator.requests.length;
  const azb = startAzb({
    emulator,
    home: folder.path,
    refresh: REFRESH,
    command: `tasks ${JOB}`,
    env: proxy.env,
  });
  const firstRows = await azb.until(/task-0000009/);
  const requestsToRows = proxy.requests;
  await untilTasksHeld(azb, emulator, from, HELD / 1000);
  const loaded = azb.memory().peak;
  await wait(16);
  const before = { requests: proxy.requests, bytes: proxy.bytes };
  await wait(QUIET_SECONDS);
  const ticks = QUIET_SECONDS / REFRESH;
  const quiet = {
    requests: (proxy.requests - before.requests) / ticks,
    bytes: (proxy.bytes - before.bytes) / ticks,
  };
  const atBusy = { requests: proxy.requests, bytes: proxy.bytes };
  const rate = await changeStates(emulator, BUSY_SECONDS);
  const busyTicks = BUSY_SECONDS / REFRESH;
  const busy = {
    requests: (proxy.requests - atBusy.requests) / busyTicks,
    bytes: (proxy.bytes - atBusy.bytes) / busyTicks,
  };
  azb.forget();
  const atEnd = { requests: proxy.requests, ms: performance.now() };
  azb.write('G');
  await azb.until(/last of/);
  const msToEnd = performance.now() - atEnd.ms;
  const requestsToEnd = proxy.requests - atEnd.requests;
  const { peak } = azb.memory();
  await azb.end();
  printTable(
    `A job of ${TASKS.toLocaleString('en-US')} tasks, ${HELD.toLocaleString('en-US')} rows held, a refresh every ${REFRESH} s`,
    ['what', 'measured', 'bar', ''],
    [
      ['first rows, ms from the start of azb', number(firstRows), '', ''],
      ['  requests up to then', String(requestsToRows), '', ''],
      ['memory with all rows loaded, MB', number(loaded), '', ''],
      ['a quiet refresh, requests', number(quiet.requests), '≤ 2', below(quiet.requests, 2.2)],
      ['  bytes, both ways', number(quiet.bytes), '≤ 2,000', below(quiet.bytes, 2_000)],
      [
        `a busy refresh (${number(rate)} changes a second), requests`,
        number(busy.requests),
        '≤ 4',
        below(busy.requests, 4),
      ],
      ['  bytes, both ways', number(busy.bytes), '', ''],
      ['G, ms to the last task of all', number(msToEnd), '', ''],
      ['  requests, those of a refresh included', String(requestsToEnd), '', ''],
      ['peak memory, MB', number(peak), '≤ 130', below(peak, 130)],
    ],
  );
  checkBaseline('million', {
    'requests a quiet refresh': quiet.requests,
    'bytes a quiet refresh': quiet.bytes,
  });
} finally {
  proxy.close();
  await emulator.end('SIGTERM');
  folder.remove();
}
