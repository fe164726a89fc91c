/**
 * Adding and deleting many tasks: azb's own bulk work beside `az`, one task or one call at a time.
 * Option: `--tasks N` (default 10000).
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { createBatchPort } from '../src/api/batch.ts';
import type { Entity } from '../src/resources/types.ts';
import { addTaskUnits } from '../src/store/actions/add-tasks.ts';
import { runBulk, type Unit } from '../src/store/actions/bulk.ts';
import { createAppStore } from '../src/store/app-store.ts';
import type { Services } from '../src/store/services.ts';
import { cleanEnv, JOB } from './support/azb.ts';
import { checkBaseline } from './support/baseline.ts';
import { addIdleJob, sdkClient, taskId } from './support/client.ts';
import { startEmulator, temporaryFolder } from './support/emulator.ts';
import { isInstalled, secondsOf } from './support/peers.ts';
import { median, timed } from './support/stats.ts';
import { above, number, printTable } from './support/table.ts';

const { values } = parseArgs({ options: { tasks: { type: 'string' } } });
const TASKS = Number(values.tasks ?? 10_000);
/** Calls of az that are measured; the rest is reckoned from them. */
const SAMPLES = 3;

const folder = temporaryFolder();
const emulator = await startEmulator();
const port = createBatchPort({
  name: emulator.account,
  endpoint: emulator.endpoint,
  credential: { kind: 'shared key', key: emulator.key },
  source: 'bench',
});
/** What bulk work uses of azb. */
const services = {
  store: createAppStore(
    {
      account: port.account,
      credentialError: undefined,
      readOnly: false,
      readOnlyReason: undefined,
      version: 'bench',
      refreshSeconds: 2,
      rowLimit: 20_000,
      tailMegabytes: 16,
    },
    { kind: 'welcome' },
  ),
  timing: { now: Date.now, random: Math.random, setTimer: () => () => undefined },
} as unknown as Services;

function* bodies(): Generator<Entity> {
  for (let each = 0; each < TASKS; each += 1) yield { id: taskId(each), commandLine: 'true' };
}

function* deletions(): Generator<Unit> {
  for (let each = 0; each < TASKS; each += 1) {
    const id = taskId(each);
    yield {
      size: 1,
      ids: [id],
      run: async (signal) => {
        await port.act({ resource: 'tasks', action: 'delete', scope: { job: JOB }, id }, signal);
        return [];
      },
    };
  }
}

async function done(title: string, units: Iterable<Unit>): Promise<number> {
  const { ms, value } = await timed(() => runBulk(services, { title, total: TASKS, units }));
  if (value.length > 0) throw new Error(`${value.length} failed: ${value[0]?.reason}`);
  return ms / 1000;
}

/** Seconds that az takes for all tasks, when the measured calls are like the others. */
function azSeconds(calls: number, args: (call: number) => readonly string[]): number {
  const env = { ...cleanEnv(folder.path), ...emulator.env };
  const taken = Array.from({ length: SAMPLES }, (_, call) => secondsOf('az', args(call), env) ?? Number.NaN);
  return median(taken) * calls;
}

/** A file of 100 tasks for `az batch task create --json-file`. */
function taskFile(call: number): string {
  const path = join(folder.path, `tasks-${call}.json`);
  const tasks = Array.from({ length: 100 }, (_, index) => ({
    id: `az-${call}-${index}`,
    commandLine: 'true',
  }));
  writeFileSync(path, JSON.stringify(tasks));
  return path;
}

try {
  await addIdleJob(sdkClient(emulator), JOB);
  const adding = await done(
    'Adding',
    addTaskUnits(port, JOB, bodies(), async () => undefined),
  );
  const azAdding = azSeconds(Math.ceil(TASKS / 100), (call) => [
    ...['batch', 'task', 'create', '--job-id', JOB, '--json-file', taskFile(call)],
  ]);
  const deleting = await done('Deleting', deletions());
  const azDeleting = azSeconds(TASKS, (call) => [
    ...['batch', 'task', 'delete', '--job-id', JOB, '--task-id', `az-${call}-0`, '--yes'],
  ]);
  const row = (what: string, azb: number, az: number) => [
    what,
    number(azb),
    number(az),
    `${number(az / azb)}x`,
    '≥ 5x',
    Number.isNaN(az) ? '' : above(az / azb, 5),
  ];
  printTable(
    `${TASKS.toLocaleString('en-US')} tasks, seconds (az reckoned from ${SAMPLES} calls)`,
    ['', 'azb', 'az in a loop', 'faster', 'bar', ''],
    [row('adding, 100 a call', adding, azAdding), row('deleting', deleting, azDeleting)],
  );
  if (!isInstalled('az')) console.log('\nNot installed here, hence not measured: az.');
  console.log('\nThe Python SDK has no command line of its own and is not measured here.');
  if (isInstalled('az')) {
    checkBaseline('bulk', {
      'adding, share of az': adding / azAdding,
      'deleting, share of az': deleting / azDeleting,
    });
  }
} finally {
  await emulator.end('SIGTERM');
  folder.remove();
}
