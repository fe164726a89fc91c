import { setTimeout as sleep } from 'node:timers/promises';
import type { BatchPort } from '../../api/port.ts';
import { AzbError } from '../../lib/errors.ts';
import { resourceNamed } from '../../resources/registry.ts';
import type { Scope } from '../../resources/types.ts';
import type { Output } from './context.ts';
import { DEMO_JOB, DEMO_MORE_JOB, DEMO_POOL, TUTORIAL_TASKS } from './demo-work.ts';
import { readBetween } from './file-ranges.ts';
import { tableWriter } from './row-writers.ts';
import { pages } from './rows.ts';

const LOOK_EVERY_MS = 250;
const LIMIT_MS = 180_000;

/** Waits until every task of the demo has ended. @throws AzbError when that takes more than three minutes. */
export async function waitForDemoWork(port: BatchPort, signal: AbortSignal): Promise<void> {
  const deadline = Date.now() + LIMIT_MS;
  for (const job of [DEMO_JOB, DEMO_MORE_JOB]) {
    for (;;) {
      const { tasks } = await port.taskCounts(job, signal);
      if (tasks.active + tasks.running === 0 && tasks.completed > 0) break;
      if (Date.now() > deadline) {
        throw new AzbError(
          `the demo's job ${job} did not end in three minutes: ${tasks.active} tasks wait, ${tasks.running} run`,
          { next: 'azb emulator in one terminal, and look at its log' },
        );
      }
      await sleep(LOOK_EVERY_MS, undefined, { signal });
    }
  }
}

/** Prints pools, nodes, jobs, tasks, and what each task wrote. @throws AzbError when a tutorial's task failed. */
export async function reportDemoWork(port: BatchPort, output: Output, signal: AbortSignal): Promise<void> {
  await printTable(port, 'pools', {}, output, signal);
  await printTable(port, 'nodes', { pool: DEMO_POOL }, output, signal);
  await printTable(port, 'jobs', {}, output, signal);
  for (const job of [DEMO_JOB, DEMO_MORE_JOB]) {
    await printTable(port, 'tasks', { job }, output, signal);
    await printOutputs(port, job, output, signal);
  }
  const { tasks } = await port.taskCounts(DEMO_JOB, signal);
  if (tasks.succeeded === TUTORIAL_TASKS.length) return;
  throw new AzbError(`${tasks.failed} of the tutorial's ${TUTORIAL_TASKS.length} tasks failed`, {
    next: 'read what they wrote, above',
  });
}

async function printTable(
  port: BatchPort,
  name: string,
  scope: Scope,
  output: Output,
  signal: AbortSignal,
): Promise<void> {
  const resource = resourceNamed(name);
  await output.write(`\n${[name, ...Object.values(scope)].join(' of ')}\n`);
  const columns = resource.columns.filter(({ wide, detail }) => wide !== true && detail !== true);
  const writer = tableWriter(output, columns, true);
  for await (const rows of pages(port, resource, scope, {}, Number.POSITIVE_INFINITY, signal)) {
    await writer.page(rows);
  }
  await writer.end();
}

async function printOutputs(
  port: BatchPort,
  job: string,
  output: Output,
  signal: AbortSignal,
): Promise<void> {
  const tasks = resourceNamed('tasks');
  for await (const rows of pages(port, tasks, { job }, {}, Number.POSITIVE_INFINITY, signal)) {
    for (const row of rows) await printOutput(port, job, tasks.idOf(row), output, signal);
  }
}

async function printOutput(
  port: BatchPort,
  job: string,
  task: string,
  output: Output,
  signal: AbortSignal,
): Promise<void> {
  for (const path of ['stdout.txt', 'stderr.txt']) {
    const file = { kind: 'task', job, task, path } as const;
    const { size } = await port.statFile(file, signal);
    if (size === 0) continue;
    await output.write(`\n${job}/${task} ${path}\n`);
    for await (const bytes of readBetween(port, file, 0, size, signal)) await output.write(bytes);
  }
}
