import { describe, expect, it } from 'vitest';
import { fromTimestamp, toETag, toTimestamp } from '../../../../emulator/clock.ts';
import { chooseNode } from '../../../../emulator/engine/placement.ts';
import { matchRoute } from '../../../../emulator/http/match.ts';
import { ROUTES } from '../../../../emulator/http/routes.ts';
import type { ComputeNode, NodeRecord, Task } from '../../../../emulator/model/entities.ts';
import { completeJob, createJob, moveJob, terminateJob } from '../../../../emulator/model/job.ts';
import {
  createNode,
  moveNode,
  occupyNode,
  scheduleNode,
  vacateNode,
} from '../../../../emulator/model/node.ts';
import { createPool } from '../../../../emulator/model/pool.ts';
import { completeTask, createTask, exitActions, mayRetry } from '../../../../emulator/model/task.ts';

const NOW = fromTimestamp('2022-11-30T00:41:12.863562Z');

describe('times', () => {
  it('are written as the service writes them', () => {
    expect(toTimestamp(NOW)).toBe('2022-11-30T00:41:12.863562Z');
    expect(toTimestamp(fromTimestamp('2022-11-30T00:41:12.5000000Z'))).toBe('2022-11-30T00:41:12.5Z');
    expect(toTimestamp(fromTimestamp('2022-11-30T00:41:12Z'))).toBe('2022-11-30T00:41:12Z');
    expect(fromTimestamp('2022-11-30T02:41:12+02:00')).toBe(fromTimestamp('2022-11-30T00:41:12Z'));
    expect(fromTimestamp('yesterday')).toBeNaN();
  });

  it('give the ETag that was recorded for them, up to the last 100 nanoseconds', () => {
    // Recorded: lastModified 2022-11-30T00:41:12.8635629Z with this tag.
    const recorded = 0x8dad26b94f308edn;
    const ticks = BigInt(toETag(NOW));
    expect(recorded - ticks).toBe(9n);
  });
});

describe('jobs', () => {
  const job = createJob({ id: 'j', poolInfo: { poolId: 'p' } }, NOW, NOW);

  it('show as previous state the last one in which they stayed', () => {
    const disabled = moveJob(moveJob(job, 'disabling', NOW + 1), 'disabled', NOW + 2);
    expect(disabled.previousState).toBe('active');
    expect(disabled.previousStateTransitionTime).toBe(toTimestamp(NOW));
    expect(moveJob(disabled, 'active', NOW + 3).previousState).toBe('disabled');
    expect(completeJob(terminateJob(job, 'x', NOW + 1), NOW + 2)).toMatchObject({
      state: 'completed',
      previousState: 'active',
      executionInfo: { terminateReason: 'x', endTime: toTimestamp(NOW + 2) },
    });
  });
});

describe('tasks', () => {
  const job = createJob(
    { id: 'j', poolInfo: { poolId: 'p' }, constraints: { maxTaskRetryCount: 1 } },
    NOW,
    NOW,
  );
  const conditions = {
    exitCodes: [
      { code: 3, exitOptions: { dependencyAction: 'satisfy' as const, jobAction: 'none' as const } },
    ],
    exitCodeRanges: [{ start: 2, end: 9, exitOptions: { jobAction: 'disable' as const } }],
    preProcessingError: { jobAction: 'none' as const },
    default: { dependencyAction: 'satisfy' as const },
  };
  const ended = (exitCode: number) => {
    const record = createTask({ id: 't', commandLine: 'x', exitConditions: conditions }, job, 0, NOW);
    return completeTask(record, { kind: 'exited', exitCode }, NOW + 1).task;
  };

  it.each([
    [0, { jobAction: 'none', dependencyAction: 'satisfy' }],
    [3, { jobAction: 'none', dependencyAction: 'satisfy' }],
    [5, { jobAction: 'disable', dependencyAction: 'block' }],
    [50, { jobAction: 'terminate', dependencyAction: 'satisfy' }],
  ])('that exit with %i act by the most specific condition', (exitCode, actions) => {
    expect(exitActions(ended(exitCode))).toEqual(actions);
  });

  it('that could not start act by the condition for it', () => {
    const record = createTask({ id: 't', commandLine: 'x', exitConditions: conditions }, job, 0, NOW);
    const failure = { category: 'UserError' as const, code: 'CommandProgramNotFound', message: '' };
    const { task } = completeTask(record, { kind: 'notStarted', failure }, NOW + 1);
    expect(exitActions(task)).toEqual({ jobAction: 'none', dependencyAction: 'block' });
  });

  it('are retried after an exit code, up to their limit, and never after anything else', () => {
    const { task } = createTask({ id: 't', commandLine: 'x' }, job, 0, NOW);
    const failed = { kind: 'exited' as const, exitCode: 1 };
    expect(mayRetry(task, failed)).toBe(true);
    expect(mayRetry({ ...task, executionInfo: { retryCount: 1, requeueCount: 0 } }, failed)).toBe(false);
    expect(mayRetry({ ...task, constraints: { ...task.constraints, maxTaskRetryCount: -1 } }, failed)).toBe(
      true,
    );
    expect(mayRetry(task, { kind: 'exited', exitCode: 0 })).toBe(false);
    const failure = { category: 'UserError' as const, code: 'CommandProgramNotFound', message: '' };
    expect(mayRetry(task, { kind: 'notStarted', failure })).toBe(false);
  });
});

describe('nodes', () => {
  const { pool } = createPool({ id: 'p', vmSize: 'Standard_D2_v2', taskSlotsPerNode: 4 }, NOW);
  const { task } = createTask(
    { id: 't', commandLine: 'x', requiredSlots: 2 },
    createJob({ id: 'j', poolInfo: { poolId: 'p' } }, NOW, NOW),
    0,
    NOW,
  );
  const idle = (index: number) => moveNode(createNode(pool, index, true, NOW), 'idle', NOW + 1);

  it('are running while tasks have slots, and offline when closed and empty', () => {
    const running = occupyNode(idle(0), 2, NOW + 2);
    expect(running.node).toMatchObject({ state: 'running', runningTasksCount: 1, runningTaskSlotsCount: 2 });
    const closing = scheduleNode(running, 'disabled', NOW + 3);
    expect(closing.node.state).toBe('running');
    const offline = vacateNode(closing, 2, true, NOW + 4);
    expect(offline.node).toMatchObject({
      state: 'offline',
      runningTaskSlotsCount: 0,
      totalTasksSucceeded: 1,
    });
    expect(scheduleNode(offline, 'enabled', NOW + 5).node.state).toBe('idle');
  });

  it('that are not up stay what they are when a task leaves them', () => {
    const leaving = moveNode(occupyNode(idle(0), 2, NOW + 2), 'leavingpool', NOW + 3);
    expect(vacateNode(leaving, 2, false, NOW + 4).node.state).toBe('leavingpool');
  });

  const withSlots = (index: number, used: number, extra: Partial<ComputeNode> = {}): NodeRecord => {
    const record = idle(index);
    return { ...record, node: { ...record.node, runningTaskSlotsCount: used, ...extra } };
  };
  const pick = (nodeFillType: string, nodes: NodeRecord[], wanted: Task = task) =>
    chooseNode({ ...pool, taskSchedulingPolicy: { nodeFillType } }, nodes, wanted, wanted.requiredSlots)
      ?.index;

  it('are chosen empty first when spreading and full first when packing', () => {
    const nodes = [withSlots(0, 1), withSlots(1, 0), withSlots(2, 2), withSlots(3, 3)];
    expect(pick('Spread', nodes)).toBe(1);
    expect(pick('Pack', nodes)).toBe(2);
  });

  it('are chosen by affinity while they have room', () => {
    const nodes = [withSlots(0, 0), withSlots(1, 2), withSlots(2, 4)];
    const near = (index: number) => ({
      ...task,
      affinityInfo: { affinityId: nodes[index]?.node.affinityId ?? '' },
    });
    expect(pick('Spread', nodes, near(1))).toBe(1);
    expect(pick('Spread', nodes, near(2))).toBe(0);
  });

  it('are not chosen when closed or not up', () => {
    expect(
      pick('Spread', [
        withSlots(0, 0, { schedulingState: 'disabled' }),
        withSlots(1, 0, { state: 'offline' }),
      ]),
    ).toBeUndefined();
  });
});

describe('routes', () => {
  it('are found for every operation, in any case, with their parameters decoded', () => {
    for (const route of ROUTES) {
      const path = route.path.replace(/\{\w+\}/g, 'a%20b');
      const match = matchRoute(route.method, path);
      expect('route' in match && match.route.id).toBe(route.id);
      if ('route' in match) for (const value of Object.values(match.parameters)) expect(value).toBe('a b');
    }
  });

  it('split a path before it is decoded', () => {
    const match = matchRoute('GET', '/jobs/j/tasks/t/files/wd%2Fa%2520b');
    expect('parameters' in match && match.parameters).toEqual({
      jobId: 'j',
      taskId: 't',
      filePath: 'wd/a%20b',
    });
    expect(matchRoute('GET', '/pools/a/b')).toEqual({ allowed: [] });
    expect(matchRoute('PUT', '/pools')).toEqual({ allowed: ['POST', 'GET'] });
  });
});
