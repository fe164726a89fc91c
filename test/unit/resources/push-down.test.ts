import { describe, expect, test } from 'vitest';
import { compileFilter, parseFilter } from '../../../emulator/odata/index.ts';
import { layoutColumns } from '../../../src/resources/layout.ts';
import { joined, pushDownText } from '../../../src/resources/push-down.ts';
import { resourceNamed } from '../../../src/resources/registry.ts';

const tasks = resourceNamed('tasks');
const TASKS = [
  { id: 'mytask1', state: 'active' },
  { id: 'MyTask2', state: 'running' },
  { id: 'mytask3', state: 'completed', executionInfo: { result: 'success' } },
  { id: 'other', state: 'completed', executionInfo: { result: 'failure', exitCode: 1 } },
];

describe('a filter that the service can do', () => {
  test.each([
    ['state=completed', "state eq 'completed'", ['mytask3', 'other']],
    ['State: active', "state eq 'active'", ['mytask1']],
    ['!state=active', "state ne 'active'", ['MyTask2', 'mytask3', 'other']],
    ['state=failed', "state eq 'completed' and executionInfo/result eq 'failure'", ['other']],
    ['^mytask', "startswith(id,'mytask')", ['mytask1', 'MyTask2', 'mytask3']],
    ['id=^oth', "startswith(id,'oth')", ['other']],
    ['exit=1', 'executionInfo/exitCode eq 1', ['other']],
    ['exit!=0', '(executionInfo/exitCode lt 0 or executionInfo/exitCode gt 0)', ['other']],
    ['exit>=1 state=completed', "executionInfo/exitCode ge 1 and state eq 'completed'", ['other']],
  ])('%s', (text, odata, ids) => {
    const pushed = pushDownText(tasks, text);
    expect(pushed?.odata).toBe(odata);
    expect(TASKS.filter((task) => pushed?.test(task)).map(({ id }) => id)).toEqual(ids);
  });

  test.each([
    'mytask',
    'my.*',
    '^my.*',
    'state=act',
    'state=nothing',
    '!state=failed',
    '!^my',
    '!exit=1',
    'exit=x',
    'took>10m',
    '-f my',
    '',
  ])('%s is for azb alone', (text) => {
    expect(pushDownText(tasks, text)).toBeUndefined();
  });

  test('of several conditions those that it can, and says that there are others', () => {
    expect(pushDownText(tasks, 'exit=1 took>10m')).toMatchObject({
      odata: 'executionInfo/exitCode eq 1',
      isPart: true,
    });
    expect(pushDownText(tasks, 'exit=1 exit=2')?.isPart).toBeUndefined();
  });

  test('ids have prefixes only where the service compares them so', () => {
    expect(pushDownText(resourceNamed('jobs'), '^a')?.odata).toBe("startswith(id,'a')");
    expect(pushDownText(resourceNamed('nodes'), '^tvm')).toBeUndefined();
    expect(pushDownText(resourceNamed('files'), '^std')).toBeUndefined();
  });

  test('several hold together, whatever stands in them', () => {
    const running = tasks.stateFilters.find(({ label }) => label === 'running');
    const parts = [
      pushDownText(tasks, '^my'),
      { odata: "state eq 'running' or state eq 'preparing'", test: running!.test },
    ];
    const both = joined(parts.filter((part) => part !== undefined));
    const matches = compileFilter(parseFilter(both!.odata));
    const rows = [...TASKS, { id: 'my4', state: 'preparing' }, { id: 'no', state: 'running' }];
    const wanted = rows.filter((row) => both?.test(row)).map(({ id }) => id);
    expect(wanted).toEqual(['MyTask2', 'my4']);
    expect(rows.filter((row) => matches(row)).map(({ id }) => id)).toContain('my4');
    expect(matches({ id: 'no', state: 'running' })).toBe(false);
  });

  test('every state of every resource that is pushed is one that can be parsed', () => {
    for (const name of ['pools', 'nodes', 'jobs', 'tasks', 'jobschedules']) {
      for (const { label } of resourceNamed(name).stateFilters) {
        const pushed = pushDownText(resourceNamed(name), `state=${label}`);
        if (pushed !== undefined) expect(() => parseFilter(pushed.odata), label).not.toThrow();
      }
    }
  });
});

describe('the columns of a list', () => {
  const ids = (wanted: Parameters<typeof layoutColumns>[1], wide: boolean) =>
    layoutColumns(tasks, wanted, wide).map(({ id }) => id);

  test('are those that are not wide, or all', () => {
    expect(ids(undefined, false)).not.toContain('command');
    expect(ids(undefined, true)).toEqual(tasks.columns.map(({ id }) => id));
  });

  test('are those that the user wants, in that order and width', () => {
    const wanted = [{ column: 'command', width: 7 }, { column: 'id' }, { column: 'gone' }];
    expect(ids(wanted, false)).toEqual(['command', 'id']);
    expect(layoutColumns(tasks, wanted, false)[0]?.maxWidth).toBe(7);
    const wide = ids(wanted, true);
    expect(wide.slice(0, 2)).toEqual(['command', 'id']);
    expect(wide.toSorted()).toEqual(tasks.columns.map(({ id }) => id).toSorted());
  });
});

describe('the beginning of a name in the storage account', () => {
  const blobs = resourceNamed('blobs');
  const rows = ['in/Data 1.csv', 'in/data.txt', "in/it's"].map((name) => ({ name, folder: 'in/' }));

  test.each([
    ['^data', "startswith(name,'data')", ['in/data.txt']],
    ['^Data 1', "startswith(name,'Data 1')", ['in/Data 1.csv']],
    ['name=^data\\.t', "startswith(name,'data.t')", ['in/data.txt']],
    ["^it's", "startswith(name,'it''s')", ["in/it's"]],
  ])('%s is asked for to the letter, inside the folder', (text, odata, names) => {
    const pushed = pushDownText(blobs, text);
    expect(pushed?.odata).toBe(odata);
    expect(rows.filter((row) => pushed?.test(row)).map(({ name }) => name)).toEqual(names);
  });

  test.each(['data', '^data.txt', '^a|b', '!^data', 'size=1', 'state=folders'])(
    '%s is for azb alone',
    (text) => {
      expect(pushDownText(blobs, text)).toBeUndefined();
    },
  );
});
