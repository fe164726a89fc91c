import { describe, expect, test } from 'vitest';
import { formatCell } from '../../../src/resources/format.ts';
import { resourceNamed } from '../../../src/resources/registry.ts';
import { NOW, nodeId, SAMPLES } from '../../support/samples.ts';

/** Every row of the samples as the widest table shows it: title and text of what is there. */
function table(name: string): Readonly<Record<string, string>>[] {
  const { columns } = resourceNamed(name);
  return (SAMPLES[name] ?? []).map((row) =>
    Object.fromEntries(
      columns
        .map((column) => [column.title, formatCell(column.value(row), column.kind, NOW)] as const)
        .filter(([, text]) => text !== '–'),
    ),
  );
}

/** `tone faulty` of every row. */
function tones(name: string): string[] {
  const resource = resourceNamed(name);
  return (SAMPLES[name] ?? []).map((row) => `${resource.tone(row)}${resource.faulty(row) ? ' faulty' : ''}`);
}

/** Row numbers that each state filter keeps. */
function filtered(name: string): Record<string, number[]> {
  return Object.fromEntries(
    resourceNamed(name).stateFilters.map((filter) => [
      filter.label,
      (SAMPLES[name] ?? []).flatMap((row, index) => (filter.test(row) ? [index] : [])),
    ]),
  );
}

/** `action: why not` of every row, for actions that one of the rows refuses. */
function refusals(name: string, row: number): Record<string, string | undefined> {
  const entity = SAMPLES[name]?.[row] ?? {};
  return Object.fromEntries(
    resourceNamed(name).actions.map((action) => [action.name, action.disabled?.(entity)]),
  );
}

describe('pools', () => {
  test('columns', () => {
    const [first, second, third, fourth] = table('pools');
    expect(first).toMatchObject({
      ID: 'mypool',
      STATE: 'active',
      ALLOCATION: 'steady',
      NODES: '3',
      TARGET: '3',
      SPOT: '0',
      'SPOT-TARGET': '0',
      'VM-SIZE': 'standard_a1_v2',
      SLOTS: '1',
      SCALE: 'fixed',
      IMAGE: 'canonical:ubuntuserver:16.04-lts',
      AGE: '2d',
    });
    expect(second).toMatchObject({
      ALLOCATION: 'resizing',
      NODES: '2',
      TARGET: '12',
      SPOT: '4',
      AGE: '3h20m',
    });
    expect(third).toMatchObject({ SCALE: 'auto', AGE: '41d' });
    expect(fourth).toMatchObject({ FAULT: 'AccountCoreQuotaReached', AGE: '12m5s' });
    // Why a pool is not as large as it should be is seen without asking for more columns.
    expect(resourceNamed('pools').columns.find(({ id }) => id === 'fault')?.wide).toBeUndefined();
  });

  test('colours, filters and what can be done', () => {
    expect(tones('pools')).toEqual(['plain', 'busy', 'plain', 'bad faulty', 'dim']);
    expect(filtered('pools')).toEqual({ steady: [0, 2, 3, 4], resizing: [1], autoscale: [2], deleting: [4] });
    expect(refusals('pools', 0)).toMatchObject({ resize: undefined, stopResize: 'no resize is under way' });
    expect(refusals('pools', 1)).toMatchObject({
      resize: 'a resize is under way: x stops it',
      stopResize: undefined,
    });
    expect(refusals('pools', 2).resize).toContain('formula');
    expect(refusals('pools', 4).delete).toContain('already');
  });
});

describe('nodes', () => {
  test('columns', () => {
    const [idle, , starting, failed, unusable] = table('nodes');
    expect(idle).toMatchObject({
      ID: nodeId(1),
      STATE: 'idle',
      SCHEDULING: 'enabled',
      KIND: 'dedicated',
      RUNNING: '0',
      RAN: '4',
      OK: '4',
      IP: '10.0.0.4',
      SINCE: '5m',
      AGE: '25m',
    });
    expect(idle).not.toHaveProperty('FAULT');
    expect(starting).toMatchObject({ KIND: 'Spot', SCHEDULING: 'disabled' });
    expect(failed?.FAULT).toBe('FailureExitCode');
    expect(unusable?.FAULT).toBe('DiskFull');
  });

  test('colours, filters and what can be done', () => {
    expect(tones('nodes')).toEqual(['plain', 'good', 'busy', 'bad faulty', 'bad faulty']);
    expect(filtered('nodes')).toEqual({ idle: [0], running: [1], moving: [2], faulty: [3, 4] });
    expect(refusals('nodes', 0)).toMatchObject({
      reboot: undefined,
      disableScheduling: undefined,
      enableScheduling: 'scheduling is on already',
    });
    expect(refusals('nodes', 2).reboot).toContain('starting');
  });

  test('one whose start task failed can be restarted, though it takes no users', () => {
    expect(refusals('nodes', 3)).toMatchObject({ reboot: undefined, reimage: undefined });
    expect(refusals('nodes', 3).user).toContain('only an idle or running node');
  });
});

describe('jobs', () => {
  test('columns', () => {
    const [first, second, , , broken] = table('jobs');
    expect(first).toMatchObject({ ID: 'myjob', STATE: 'active', POOL: 'mypool', PRIORITY: '0', AGE: '3h' });
    expect(second).toMatchObject({ PRIORITY: '100', DEPS: 'yes', AGE: '9d' });
    expect(broken).toMatchObject({ REASON: 'TaskFailed', STATE: 'completed' });
  });

  test('colours, filters and what can be done', () => {
    expect(tones('jobs')).toEqual(['plain', 'plain', 'waiting', 'done', 'bad faulty']);
    expect(filtered('jobs')).toEqual({ active: [0, 1], disabled: [2], completed: [3, 4], faulty: [4] });
    expect(refusals('jobs', 0)).toMatchObject({ terminate: undefined, disable: undefined });
    expect(refusals('jobs', 2)).toMatchObject({ enable: undefined });
    expect(refusals('jobs', 3).terminate).toBe('the job is completed already');
  });
});

describe('tasks', () => {
  test('columns', () => {
    const [done, active, , failed, running] = table('tasks');
    expect(done).toMatchObject({
      ID: 'mytask1',
      STATE: 'completed',
      RESULT: 'success',
      EXIT: '0',
      RETRIES: '0',
      NODE: nodeId(1),
      TOOK: '1.3s',
      SINCE: '4m12s',
      AGE: '10m',
    });
    expect(active).not.toHaveProperty('NODE');
    expect(active).not.toHaveProperty('EXIT');
    expect(failed).toMatchObject({
      RESULT: 'failure',
      EXIT: '137',
      RETRIES: '3',
      FAILURE: 'FailureExitCode',
    });
    expect(running).toMatchObject({ STATE: 'running', REQUEUES: '1', SINCE: '42s' });
    expect(running).not.toHaveProperty('TOOK');
  });

  test('colours, filters and what can be done', () => {
    expect(tones('tasks')).toEqual(['done', 'plain', 'done', 'bad faulty', 'good', 'busy']);
    expect(filtered('tasks')).toEqual({ active: [1], running: [4, 5], completed: [0, 2, 3], failed: [3] });
    expect(refusals('tasks', 0)).toMatchObject({ terminate: 'the task has completed already' });
    expect(refusals('tasks', 0).reactivate).toBeDefined();
    expect(refusals('tasks', 3).reactivate).toBeUndefined();
    expect(refusals('tasks', 4).terminate).toBeUndefined();
  });
});

describe('the others', () => {
  test('files', () => {
    const [stdout, , directory] = table('files');
    expect(stdout).toMatchObject({ NAME: 'stdout.txt', SIZE: '1.2 MB', MODIFIED: '4m', TYPE: 'text/plain' });
    expect(directory).toEqual({ NAME: 'wd/' });
    expect(filtered('files')).toEqual({ files: [0, 1, 3], directories: [2] });
  });

  test('job schedules', () => {
    expect(table('jobschedules')).toEqual([
      {
        ID: 'nightly',
        STATE: 'active',
        EVERY: '1d',
        'NEXT-RUN': '2026-03-03 01:00:00',
        'RECENT-JOB': 'nightly:job-12',
        POOL: 'mypool',
        AGE: '40d',
      },
    ]);
  });

  test('images', () => {
    expect(table('images')[0]).toMatchObject({
      IMAGE: 'canonical:ubuntuserver:16.04-lts',
      'NODE-AGENT': 'batch.node.ubuntu 16.04',
      OS: 'linux',
      VERIFIED: 'verified',
      'END-OF-SUPPORT': '2027-04-30 00:00:00',
    });
    expect(filtered('images')).toMatchObject({ linux: [0, 1], windows: [2] });
  });

  test('node counts add dedicated and Spot nodes', () => {
    expect(table('nodecounts')[0]).toMatchObject({ POOL: 'mypool', TOTAL: '5', IDLE: '1', STARTING: '1' });
    expect(tones('nodecounts')).toEqual(['bad faulty', 'plain']);
  });

  test('tasks of a node', () => {
    expect(table('nodetasks')[0]).toMatchObject({
      TASK: 'mytask1',
      JOB: 'myjob',
      RESULT: 'failure',
      TOOK: '1m',
    });
    expect(tones('nodetasks')).toEqual(['bad faulty', 'good']);
  });
});
