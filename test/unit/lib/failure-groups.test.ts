import { describe, expect, it } from 'vitest';
import { type FailedTask, FailureGroups } from '../../../src/lib/failure-groups.ts';
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
    expect(drill(byExit)).toEqual({ ...tasks, filter: 'exit:^1$' });
    expect(drill(byCode)).toEqual({ ...tasks, filter: 'failure:^FailureExitCode$' });
    expect(drill(byNode)).toEqual({ ...tasks, filter: 'node:^n\\.1$' });
  });
});
