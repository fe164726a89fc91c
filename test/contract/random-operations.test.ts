import { readdir, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Emulator } from '../../emulator/server.ts';
import { type RandomRequest, randomRequests, SOME_NODE } from './random-operations.ts';
import { type RawAnswer, raw } from './raw.ts';
import { startFast, until } from './support.ts';

/** Another seed, clients or requests for a longer search: AZB_SEED=7 AZB_REQUESTS=2000. */
const SEED = Number(process.env.AZB_SEED ?? 1);
const REQUESTS = Number(process.env.AZB_REQUESTS ?? 80);
const CLIENTS = 6;

interface Shown {
  readonly id: string;
  readonly state: string;
  readonly previousState?: string;
  readonly commandLine?: string;
  readonly allocationState?: string;
  readonly schedulingState?: string;
  readonly runningTasksCount?: number;
  readonly runningTaskSlotsCount?: number;
  readonly executionInfo?: Readonly<Record<string, unknown>>;
  readonly nodeInfo?: { readonly nodeId?: string };
}

/** The states that a task may come to from each, as the service has them. */
const PATHS: Readonly<Record<string, readonly string[]>> = {
  none: ['active'],
  active: ['preparing', 'running', 'completed'],
  preparing: ['active', 'running', 'completed'],
  running: ['active', 'completed'],
  completed: ['active'],
};

/** What a task shows that cannot be true together. */
function contradictions({ state, previousState = 'none', executionInfo = {}, nodeInfo }: Shown): string[] {
  const { startTime, endTime, exitCode, result, failureInfo } = executionInfo;
  const isOver = state === 'completed';
  const found = {
    'a way that no task goes': PATHS[previousState]?.includes(state) !== true,
    'an end or a result before it is over': !isOver && [endTime, result, exitCode, failureInfo].some(Boolean),
    'no end or no result when it is over': isOver && (endTime === undefined || result === undefined),
    'a success with a failure': result === 'success' && (failureInfo !== undefined || exitCode !== 0),
    'a failure without one': result === 'failure' && failureInfo === undefined,
    'a start before it runs': state === 'active' && (startTime !== undefined || nodeInfo !== undefined),
    'no node while it runs': state === 'running' && nodeInfo?.nodeId === undefined,
  };
  return Object.entries(found).flatMap(([what, isSo]) => (isSo ? [what] : []));
}

describe('whatever clients do at the same time', () => {
  let emulator: Emulator;
  const strange: string[] = [];

  beforeAll(async () => {
    emulator = await startFast({ speed: 200, onProblem: (problem) => strange.push(String(problem)) });
  });
  afterAll(() => emulator.close());

  const rows = ({ json }: RawAnswer) => (json.value ?? []) as Shown[];
  const list = async (target: string) => rows(await raw(emulator, 'GET', target));

  async function send({ method, target, body }: RandomRequest): Promise<void> {
    const [, poolId = ''] = /^\/pools\/(\w+)/.exec(target) ?? [];
    const node = target.includes(SOME_NODE) ? (await list(`/pools/${poolId}/nodes`))[0]?.id : undefined;
    const answer = await raw(emulator, method, target.replace(SOME_NODE, node ?? 'none'), {
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (answer.status >= 500) strange.push(`${method} ${target}: ${answer.text}`);
    if (/\/tasks\?/.test(target)) look(answer, contradictions);
    if (target.endsWith('/nodes')) look(answer, contradictionsOfNode);
  }

  function look(answer: RawAnswer, judge: (row: Shown) => string[]): void {
    for (const row of rows(answer)) {
      for (const what of judge(row)) strange.push(`${what}: ${JSON.stringify(row)}`);
    }
  }

  function contradictionsOfNode({ state, runningTasksCount = 0, runningTaskSlotsCount = 0 }: Shown) {
    const found = {
      'more tasks than slots': runningTasksCount > 4 || runningTaskSlotsCount > 4,
      'idle with tasks': state === 'idle' && runningTasksCount > 0,
      'running without any': state === 'running' && runningTasksCount === 0,
    };
    return Object.entries(found).flatMap(([what, isSo]) => (isSo ? [what] : []));
  }

  it('no answer is an error of the service, and nothing contradicts itself', {
    timeout: 120_000,
  }, async () => {
    await Promise.all(
      Array.from({ length: CLIENTS }, async (_, client) => {
        for (const request of randomRequests(SEED * 1_000 + client, REQUESTS)) await send(request);
      }),
    );
    expect(strange).toEqual([]);
  });

  /** Asks again until nothing is under way any more; what is endless is ended. */
  async function settle(): Promise<string[]> {
    const busy: string[] = [];
    for (const pool of await list('/pools')) {
      if (pool.state !== 'active' || pool.allocationState !== 'steady') busy.push(`pool ${pool.id}`);
      for (const node of await list(`/pools/${pool.id}/nodes`)) {
        const isCalm = node.state === 'idle' || node.state === 'offline';
        if (!isCalm || node.runningTasksCount !== 0 || node.runningTaskSlotsCount !== 0)
          busy.push(`node ${node.state}`);
      }
    }
    for (const job of await list('/jobs')) {
      if (!['active', 'disabled', 'completed'].includes(job.state)) busy.push(`job ${job.id} ${job.state}`);
      for (const task of await list(`/jobs/${job.id}/tasks`)) {
        if (task.state !== 'running' && task.state !== 'preparing') continue;
        busy.push(`task ${task.commandLine}`);
        if (task.commandLine === 'sleep 600')
          await raw(emulator, 'POST', `/jobs/${job.id}/tasks/${task.id}/terminate`);
      }
    }
    return busy;
  }

  it('everything comes to rest, and the counts are those of the lists', { timeout: 120_000 }, async () => {
    await until(settle, (busy) => busy.length === 0);
    for (const job of await list('/jobs')) {
      const tasks = await list(`/jobs/${job.id}/tasks`);
      const count = (isSo: (task: Shown) => boolean) => tasks.filter(isSo).length;
      expect((await raw(emulator, 'GET', `/jobs/${job.id}/taskcounts`)).json.taskCounts).toEqual({
        active: count(({ state }) => state === 'active'),
        running: 0,
        completed: count(({ state }) => state === 'completed'),
        succeeded: count(({ executionInfo }) => executionInfo?.result === 'success'),
        failed: count(({ executionInfo }) => executionInfo?.result === 'failure'),
      });
      for (const task of tasks) expect(contradictions(task), JSON.stringify(task)).toEqual([]);
    }
  });

  it('nothing goes wrong inside', () => {
    expect(strange).toEqual([]);
  });

  it.runIf(process.platform === 'linux')('no process is left of what ran', async () => {
    await until(
      async () => (await Promise.all((await readdir('/proc')).map(nodeOf))).filter(Boolean),
      (nodes) => nodes.length === 0,
    );
  });

  /** The node of this emulator that a process runs on. */
  async function nodeOf(pid: string): Promise<string | undefined> {
    const environment = await readFile(`/proc/${pid}/environ`, 'utf8').catch(() => '');
    const variables = environment.split('\0');
    if (!variables.includes(`AZ_BATCH_ACCOUNT_URL=${emulator.endpoint}/`)) return undefined;
    return variables.find((each) => each.startsWith(`AZ_BATCH_NODE_ROOT_DIR=${tmpdir()}`));
  }
});
