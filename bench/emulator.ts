/**
 * The emulator under load: adding, listing, filtering and counting tasks, many pollers, memory, restart.
 * Options: `--tasks N` (default 1000000) and `--memory` (no --data, hence no durability).
 */
import { parseArgs } from 'node:util';
import { addIdleJob, addTasks, rawClient, sdkClient, taskId, terminateTasks } from './support/client.ts';
import { type EmulatorProcess, startEmulator, temporaryFolder } from './support/emulator.ts';
import { cpuMs, memoryMb } from './support/process.ts';
import { median, quantile, timed } from './support/stats.ts';
import { above, below, number, printTable } from './support/table.ts';

const { values } = parseArgs({ options: { tasks: { type: 'string' }, memory: { type: 'boolean' } } });
const TASKS = Number(values.tasks ?? 1_000_000);
const FIRST = Math.min(100_000, TASKS);
const JOB = 'bench';
/** Every so many tasks one is ended, so that a filter by state has few to find among many. */
const ENDED_EVERY = 100;
const POLLERS = 100;
const POLLING_MS = 10_000;

const rows: string[][] = [];
const row = (what: string, value: string, bar: string, verdict: string) =>
  rows.push([what, value, bar, verdict]);

async function measureAdding(emulator: EmulatorProcess): Promise<void> {
  const client = sdkClient(emulator);
  await addIdleJob(client, JOB);
  // The first thousands are for the compiler.
  const warm = Math.min(5_000, FIRST / 2);
  await addTasks(client, JOB, 0, warm);
  const before = { emulator: cpuMs(emulator.pid), client: cpuMs(process.pid) };
  const { ms } = await timed(() => addTasks(client, JOB, warm, FIRST));
  const rate = ((FIRST - warm) / ms) * 1000;
  const share = (used: number) => `${number((100 * used) / ms)} %`;
  row(
    `${FIRST.toLocaleString('en-US')} tasks added, tasks a second`,
    number(rate),
    '≥ 10,000',
    above(rate, 10_000),
  );
  row('  CPU of the emulator meanwhile', share(cpuMs(emulator.pid) - before.emulator), '', '');
  row('  CPU of the SDK meanwhile', share(cpuMs(process.pid) - before.client), '', '');
  if (TASKS === FIRST) return;
  const rest = await timed(() => addTasks(client, JOB, FIRST, TASKS));
  row(
    `up to ${TASKS.toLocaleString('en-US')} tasks, tasks a second`,
    number(((TASKS - FIRST) / rest.ms) * 1000),
    '',
    '',
  );
}

function* endedTasks(): Generator<string> {
  for (let each = 0; each < TASKS; each += ENDED_EVERY) yield taskId(each);
}

/** The median time of a question asked over and over, from its first byte out to its last byte in. */
async function measureQuestion(
  emulator: EmulatorProcess,
  target: string | ((turn: number) => string),
  turns = 60,
): Promise<{ ms: number; text: string }> {
  const ask = rawClient(emulator);
  const samples: number[] = [];
  let last = '';
  for (let turn = 0; turn < turns; turn += 1) {
    const { ms, value } = await timed(() => ask(typeof target === 'string' ? target : target(turn)));
    if (value.status !== 200) throw new Error(`${String(target)}: ${value.status} ${value.text}`);
    last = value.text;
    if (turn >= turns / 3) samples.push(ms);
  }
  return { ms: median(samples), text: last };
}

async function measureQuestions(emulator: EmulatorProcess): Promise<void> {
  const tasks = `/jobs/${JOB}/tasks?maxresults=1000`;
  const first = await measureQuestion(emulator, tasks);
  row('page of 1,000, ms', number(first.ms), '≤ 15', below(first.ms, 15));
  const middle = await measureQuestion(emulator, (turn) => {
    const from = taskId(Math.floor((TASKS / 60) * turn));
    return `${tasks}&$filter=${encodeURIComponent(`id ge '${from}'`)}`;
  });
  row('  from anywhere in the middle (id ge …), ms', number(middle.ms), '≤ 15', below(middle.ms, 15));
  const slim = await measureQuestion(
    emulator,
    `${tasks}&$select=id,state,executionInfo,nodeInfo,creationTime`,
  );
  row('  with $select, ms', number(slim.ms), '', '');
  const filter = encodeURIComponent("state eq 'completed'");
  const filtered = await measureQuestion(emulator, `${tasks}&$filter=${filter}`);
  row('page of 1,000 filtered by state, ms', number(filtered.ms), '≤ 30', below(filtered.ms, 30));
  const rare = encodeURIComponent("state eq 'running'");
  const none = await measureQuestion(emulator, `${tasks}&$filter=${rare}`);
  row('  none in that state, ms', number(none.ms), '≤ 30', below(none.ms, 30));
  const since = encodeURIComponent(`stateTransitionTime ge DateTime'${new Date().toISOString()}'`);
  const quiet = await measureQuestion(emulator, `${tasks}&$filter=${since}`);
  row('what changed since now: nothing, ms', number(quiet.ms), '', '');
  const counts = await measureQuestion(emulator, `/jobs/${JOB}/taskcounts`, 300);
  row('taskcounts, ms', number(counts.ms), '≤ 1', below(counts.ms, 1));
}

async function measurePollers(emulator: EmulatorProcess): Promise<void> {
  const ask = rawClient(emulator);
  const times: number[] = [];
  let errors = 0;
  const end = performance.now() + POLLING_MS;
  const poller = async (number: number) => {
    while (performance.now() < end) {
      const since = encodeURIComponent(`stateTransitionTime ge DateTime'${new Date().toISOString()}'`);
      const targets = [`/jobs/${JOB}/tasks?$filter=${since}`, `/jobs/${JOB}/taskcounts`];
      try {
        const { ms, value } = await timed(() => ask(targets[number % 2] ?? ''));
        times.push(ms);
        if (value.status !== 200) errors += 1;
      } catch {
        errors += 1;
      }
    }
  };
  await Promise.all(Array.from({ length: POLLERS }, (_, index) => poller(index)));
  row(`${POLLERS} parallel pollers, errors`, String(errors), '0', below(errors, 0));
  row('  requests a second', number((times.length / POLLING_MS) * 1000), '', '');
  row('  median / p99, ms', `${number(median(times))} / ${number(quantile(times, 0.99))}`, '', '');
}

async function measureRestart(emulator: EmulatorProcess, data: string): Promise<EmulatorProcess> {
  const known = await counted(emulator);
  await emulator.end('SIGKILL');
  const { ms, value: again } = await timed(async () => {
    const started = await startEmulator(['--data', data]);
    await rawClient(started)(`/jobs/${JOB}/tasks?maxresults=1000`);
    return started;
  });
  row('kill -9 and restart, to the first page, ms', number(ms), '≤ 5,000', below(ms, 5_000));
  const lost = known - (await counted(again));
  row('  tasks lost', String(lost), '0', below(Math.abs(lost), 0));
  row('  memory after the restart, MB', number(memoryMb(again.pid).now), '', '');
  return again;
}

async function counted(emulator: EmulatorProcess): Promise<number> {
  const { text } = await rawClient(emulator)(`/jobs/${JOB}/taskcounts`);
  const { taskCounts } = JSON.parse(text) as {
    taskCounts: { active: number; running: number; completed: number };
  };
  return taskCounts.active + taskCounts.running + taskCounts.completed;
}

const folder = temporaryFolder();
let emulator = await startEmulator(values.memory === true ? [] : ['--data', folder.path]);
try {
  await measureAdding(emulator);
  const { ms } = await timed(() => terminateTasks(emulator, JOB, endedTasks()));
  row('tasks ended one by one, a second', number((TASKS / ENDED_EVERY / ms) * 1000), '', '');
  await measureQuestions(emulator);
  await measurePollers(emulator);
  const { now, peak } = memoryMb(emulator.pid);
  row('memory with all tasks, MB (peak)', `${number(now)} (${number(peak)})`, '≤ 1,536', below(peak, 1536));
  if (values.memory !== true) emulator = await measureRestart(emulator, folder.path);
} finally {
  await emulator.end('SIGKILL');
  folder.remove();
  printTable(
    `The emulator with ${TASKS.toLocaleString('en-US')} tasks${values.memory === true ? ', in memory' : ', --data'}`,
    ['what', 'measured', 'bar', ''],
    rows,
  );
}
