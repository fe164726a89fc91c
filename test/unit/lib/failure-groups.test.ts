import { describe, expect, it } from 'vitest';
import {
  type FailedTask,
  FailureGroups,
  type ListedNode,
  withNodes,
} from '../../../src/lib/failure-groups.ts';
import { failures } from '../../../src/resources/failure.ts';

function task(
  id: string,
  exitCode: number | undefined,
  node: string | undefined,
  endTime?: string,
): FailedTask {
  return {
    id,
    ...(node === undefined ? {} : { nodeInfo: { nodeId: node } }),
    executionInfo: {
      ...(exitCode === undefined ? {} : { exitCode }),
      ...(endTime === undefined ? {} : { endTime }),
      failureInfo: { code: exitCode === undefined ? 'TaskEnded' : 'FailureExitCode', message: `of ${id}` },
    },
  };
}

function grouped(...tasks: FailedTask[]) {
  const groups = new FailureGroups();
  for (const one of tasks) groups.add(one);
  return groups.all();
}

describe('FailureGroups', () => {
  it('puts each task in one group of every kind, kind by kind, the largest first', () => {
    const groups = grouped(
      task('a', 1, 'n1'),
      task('b', 2, 'n1'),
      task('c', 2, 'n2'),
      task('d', undefined, 'n1'),
    );
    expect(groups.map(({ by, value, count }) => `${by} ${value} ${count}`)).toEqual([
      'exit code 2 2',
      'exit code 1 1',
      'exit code none 1',
      'failure FailureExitCode 3',
      'failure TaskEnded 1',
      'node n1 3',
      'node n2 1',
    ]);
    expect(groups[3]?.share).toBe(0.75);
  });

  it('knows when the first and the last ended, and shows the last', () => {
    const [group] = grouped(
      task('mid', 1, 'n', '2026-01-02T00:00:00Z'),
      task('late', 1, 'n', '2026-01-03T00:00:00Z'),
      task('early', 1, 'n', '2026-01-01T00:00:00Z'),
    );
    expect(group).toMatchObject({
      first: '2026-01-01T00:00:00Z',
      last: '2026-01-03T00:00:00Z',
      example: 'late',
      message: 'of late',
    });
  });

  it('is empty without failures', () => {
    expect(grouped()).toEqual([]);
  });
});

describe('a group of failures', () => {
  it('leads to exactly its tasks', () => {
    const [byExit, , byCode, , byNode] = grouped(task('a', 1, 'n.1'), task('b', undefined, undefined));
    const drill = (group: typeof byExit) =>
      group === undefined ? undefined : failures.drill?.(group, { job: 'j' });
    const tasks = { resource: 'tasks', scope: { job: 'j' }, stateFilter: 'failed' };
    expect(drill(byExit)).toEqual({ ...tasks, filter: 'exit=1' });
    expect(drill(byCode)).toEqual({ ...tasks, filter: 'failure:^FailureExitCode$' });
    expect(drill(byNode)).toEqual({ ...tasks, filter: 'node:^n\\.1$' });
  });
});

describe('the nodes of failed tasks', () => {
  const nodes = (...listed: (readonly [id: string, ran: number, succeeded: number])[]): ListedNode[] =>
    listed.map(([id, totalTasksRun, totalTasksSucceeded]) => ({
      id,
      state: 'idle',
      totalTasksRun,
      totalTasksSucceeded,
    }));

  /** Failed tasks of pool `p`, so many on each node. */
  const failedOn = (counts: Readonly<Record<string, number>>) => {
    const groups = new FailureGroups();
    for (const [nodeId, count] of Object.entries(counts)) {
      for (let number = 0; number < count; number += 1)
        groups.add({
          id: `${nodeId}-${number}`,
          nodeInfo: { poolId: 'p', nodeId },
          executionInfo: { exitCode: 1 },
        });
    }
    return groups.all();
  };

  const suspects = (counts: Readonly<Record<string, number>>, listed: readonly ListedNode[]) =>
    withNodes(failedOn(counts), 'p', listed, true).flatMap(({ value, node }) =>
      node?.isSuspect ? [value] : [],
    );

  it('tell what they are now, and that they are gone only where all are listed', () => {
    const listed = [
      { id: 'n1', state: 'offline', schedulingState: 'disabled', totalTasksRun: 4, totalTasksSucceeded: 1 },
    ];
    const known = withNodes(failedOn({ n1: 1, n2: 1 }), 'p', listed, true);
    expect(known.filter(({ by }) => by === 'node').map(({ node }) => node)).toEqual([
      { state: 'offline', isOff: true, ran: 4, failed: 3, isSuspect: false },
      { state: 'gone', isOff: false, ran: 0, failed: 0, isSuspect: false },
    ]);
    expect(known.find(({ by }) => by === 'exit code')?.node).toBeUndefined();
    expect(withNodes(failedOn({ n2: 1 }), 'p', listed, false).at(-1)?.node).toBeUndefined();
    expect(withNodes(failedOn({ n1: 1 }), 'other', listed, true).at(-1)?.node).toBeUndefined();
  });

  it('are suspect where tasks of all jobs fail more often than elsewhere', () => {
    expect(suspects({ n1: 2 }, nodes(['n1', 10, 1], ['n2', 100, 99], ['n3', 100, 95]))).toEqual(['n1']);
  });

  it('are suspect where far more tasks of the job failed, though it ran well before', () => {
    const listed = nodes(['n1', 137, 100], ['n2', 138, 115], ['n3', 131, 111]);
    expect(suspects({ n1: 30, n2: 1, n3: 1 }, listed)).toEqual(['n1']);
  });

  it('are suspect whatever failed in other pools, or before it was on a node', () => {
    const listed = nodes(['n1', 137, 100], ['n2', 138, 115], ['n3', 131, 111]);
    const groups = new FailureGroups();
    const failed = (id: string, count: number, nodeInfo?: FailedTask['nodeInfo']) => {
      for (let number = 0; number < count; number += 1)
        groups.add({ id: `${id}${number}`, ...(nodeInfo === undefined ? {} : { nodeInfo }) });
    };
    failed('here', 30, { poolId: 'p', nodeId: 'n1' });
    failed('there', 100, { poolId: 'other', nodeId: 'o1' });
    failed('nowhere', 100);
    const known = withNodes(groups.all(), 'p', listed, true);
    expect(known.find(({ value }) => value === 'n1')?.node?.isSuspect).toBe(true);
  });

  it('are not where tasks fail everywhere', () => {
    const listed = nodes(['n1', 40, 10], ['n2', 40, 12], ['n3', 40, 8]);
    expect(suspects({ n1: 30, n2: 28, n3: 32 }, listed)).toEqual([]);
    expect(suspects({ n1: 30 }, nodes(['n1', 40, 10]))).toEqual([]);
  });
});
