/**
 * What watching a job costs the service: azb, `az batch task list` in a loop, and a naive full poll.
 * Options: `--tasks N` (default 20000) and `--seconds N` (default 30).
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { parseArgs } from 'node:util';
import { cleanEnv, emulatorWithTasks, JOB, startAzb, untilTasksHeld } from './support/azb.ts';
import { checkBaseline } from './support/baseline.ts';
import { sdkClient } from './support/client.ts';
import { temporaryFolder } from './support/emulator.ts';
import { isInstalled } from './support/peers.ts';
import { type CountingProxy, startProxy } from './support/proxy.ts';
import { number, printTable } from './support/table.ts';

const { values } = parseArgs({ options: { tasks: { type: 'string' }, seconds: { type: 'string' } } });
const TASKS = Number(values.tasks ?? 20_000);
const SECONDS = Number(values.seconds ?? 30);
const REFRESH = 2;

interface Cost {
  readonly requests: number;
  readonly bytes: number;
}

/** What passes the proxy while the work is done. */
async function costOf(proxy: CountingProxy, work: () => Promise<void>): Promise<Cost> {
  const before = { requests: proxy.requests, bytes: proxy.bytes };
  await work();
  return { requests: proxy.requests - before.requests, bytes: proxy.bytes - before.bytes };
}

/** Reads every page, as a script that knows nothing better does. */
async function readAll(proxy: CountingProxy): Promise<void> {
  const client = sdkClient({ ...emulator, endpoint: proxy.env.AZURE_BATCH_ENDPOINT ?? '' });
  let page = await client.task.list(JOB);
  while (page.odatanextLink !== undefined) page = await client.task.listNext(page.odatanextLink);
}

const wait = (seconds: number) => new Promise<void>((resolve) => setTimeout(resolve, seconds * 1000));

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
  await untilTasksHeld(azb, emulator, from, Math.min(TASKS, 20_000) / 1000);
  await wait(14);
  const watched = await costOf(proxy, () => wait(SECONDS));
  await azb.end();
  const polls = SECONDS / REFRESH;
  const perPoll = { requests: watched.requests / polls, bytes: watched.bytes / polls };
  const naive = await costOf(proxy, () => readAll(proxy));
  const az = isInstalled('az')
    ? await costOf(proxy, async () => {
        const env = { ...process.env, ...cleanEnv(folder.path), ...proxy.env };
        const args = ['batch', 'task', 'list', '--job-id', JOB, '-o', 'none'];
        await once(spawn('az', args, { env, stdio: 'ignore' }), 'exit');
      })
    : undefined;
  const row = (name: string, cost: Cost, best: Cost) => [
    name,
    number(cost.requests),
    number(cost.bytes / 1000),
    number((cost.requests * 60) / REFRESH),
    number((cost.bytes * 60) / REFRESH / 1e6),
    `${number(cost.bytes / best.bytes)}x`,
  ];
  printTable(
    `Watching a quiet job of ${TASKS.toLocaleString('en-US')} tasks, one look every ${REFRESH} s`,
    ['', 'requests a look', 'kB a look', 'requests a minute', 'MB a minute', 'bytes'],
    [
      row('azb', perPoll, perPoll),
      row('naive full poll', naive, perPoll),
      ...(az === undefined ? [] : [row('az batch task list', az, perPoll)]),
    ],
  );
  if (az === undefined) console.log('\nNot installed here, hence not measured: az.');
  checkBaseline('poll', {
    'requests a look': perPoll.requests,
    'bytes, share of a full poll': perPoll.bytes / naive.bytes,
  });
} finally {
  proxy.close();
  await emulator.end('SIGTERM');
  folder.remove();
}
