import { describe, expect, test } from 'vitest';
import { compilePattern } from '../../../src/lib/pattern.ts';
import { resourceNamed } from '../../../src/resources/registry.ts';
import { EMPTY_FEED } from '../../../src/store/app-store.ts';
import { parseRowFilter } from '../../../src/store/filter.ts';
import { feedKeyOf } from '../../../src/store/keys-of.ts';
import { Listings } from '../../../src/store/listing.ts';
import { listView } from '../../../src/store/views.ts';
import { TASKS, task } from '../../support/samples.ts';
import { storeKit } from '../../support/store-kit.ts';

const resource = resourceNamed('tasks');

/** Ids that a filter keeps, or what is wrong with it. */
function kept(text: string, rows: readonly object[] = TASKS): readonly string[] | string {
  const filter = parseRowFilter(text, resource, compilePattern);
  if (filter.kind === 'bad') return filter.problem;
  const shown = filter.kind === 'rows' ? filter.keep(rows) : rows;
  return shown.map((row) => resource.idOf(row));
}

const ALL = TASKS.map((row) => resource.idOf(row));

describe('the filter behind /', () => {
  test('a pattern looks at all columns, in any case', () => {
    expect(kept('mytask1')).toEqual(['mytask1', 'mytask10']);
    expect(kept('FAILUREEXIT')).toEqual(['mytask3']);
    expect(kept('^mytask[25] ')).toEqual(['mytask2', 'mytask5']);
  });

  test('words of neighbouring columns can be asked for together', () => {
    expect(kept('completed failure')).toEqual(['mytask3']);
  });

  test('nothing at all filters nothing', () => {
    expect(kept('')).toEqual(ALL);
    expect(kept('   ')).toEqual(ALL);
    expect(kept('!')).toEqual(ALL);
    expect(kept('-f ')).toEqual(ALL);
  });

  test('! turns it round, also with a space behind it', () => {
    expect(kept('!completed')).toEqual(['mytask10', 'mytask4', 'mytask5']);
    expect(kept('! completed')).toEqual(kept('!completed'));
  });

  test.each(['result:fail', 'RESULT=fail', 'result: FAIL'])('%s looks at one column', (text) => {
    expect(kept(text)).toEqual(['mytask3']);
  });

  test('a state filter may be asked for by its name', () => {
    expect(kept('state=failed')).toEqual(['mytask3']);
    expect(kept('state:running')).toEqual(['mytask4', 'mytask5']);
    expect(kept('!state=completed')).toEqual(['mytask10', 'mytask4', 'mytask5']);
    expect(kept('state=^run')).toEqual(['mytask4']);
  });

  test('a column can be turned round, and named by its id or its title', () => {
    expect(kept('!exit=.')).toEqual(['mytask10', 'mytask4', 'mytask5']);
    expect(kept('duration:^1\\.3s$')).toEqual(['mytask1', 'mytask2']);
    expect(kept('TOOK:^1\\.3s$')).toEqual(['mytask1', 'mytask2']);
  });

  test('what only looks like a column is a pattern', () => {
    expect(kept('nowhere:x')).toEqual([]);
    expect(kept('nowhere:x', [task('a', { commandLine: 'nowhere:x' })])).toEqual(['a']);
  });

  test('-f finds ids that hold the letters in order, best first', () => {
    expect(kept('-f mt10')).toEqual(['mytask10']);
    expect(kept('-f TASK5')).toEqual(['mytask5']);
  });

  test('conditions on values, all of which must hold', () => {
    const at = Date.parse('2026-03-02T12:00:00Z');
    const ended = (id: string, exitCode: number, seconds: number) =>
      task(id, {
        state: 'completed',
        stateTransitionTime: new Date(at - seconds * 1000).toISOString(),
        executionInfo: {
          startTime: new Date(at - seconds * 1000).toISOString(),
          endTime: new Date(at).toISOString(),
          exitCode,
          retryCount: 0,
          result: exitCode === 0 ? 'success' : 'failure',
        },
      });
    const rows = [
      ended('a', 0, 30),
      ended('b', 1, 90),
      ended('c', 127, 4000),
      task('d', { state: 'active', executionInfo: undefined }),
    ];
    const those = (text: string) => {
      const filter = parseRowFilter(text, resource, compilePattern, () => at);
      return filter.kind === 'rows'
        ? filter
            .keep(rows)
            .map((row) => resource.idOf(row))
            .join('')
        : filter;
    };
    expect(those('exit=1')).toBe('b');
    expect(those('exit!=0')).toBe('bc');
    expect(those('exit>=1 took>2m')).toBe('c');
    expect(those('took<=1m30s')).toBe('ab');
    expect(those('took>95')).toBe('c');
    expect(those('state=failed exit<100')).toBe('b');
    expect(those('state!=failed')).toBe('ad');
    expect(those('since>1h')).toBe('c');
    expect(those('id=^[bc]$ failure!=x')).toBe('bc');
    expect(those('!exit=1')).toBe('acd');
    expect(those('exit>many')).toEqual({
      kind: 'bad',
      problem: 'EXIT is not compared with many, but as in exit>3',
    });
    expect(those('id>5')).toEqual({
      kind: 'bad',
      problem: 'ID has no order: id=PATTERN and id!=PATTERN',
    });
  });

  test('ages do not take part: rows would come and go by themselves', () => {
    expect(kept('4m12s')).toEqual([]);
    expect(kept('\\b0s\\b')).toEqual([]);
  });

  test('a bad pattern says so', () => {
    expect(kept('task(')).toContain('missing closing )');
    expect(kept('state:[')).toContain('missing closing ]');
  });

  test('no pattern can hang the screen', () => {
    const hostile = Array.from({ length: 50 }, (_, index) =>
      task(`t${index}`, { commandLine: `${'a'.repeat(5000)}!` }),
    );
    expect(kept('(a+)+$', hostile)).toEqual([]);
  });
});

test('a list that is filtered by ages is filtered again while nothing comes', () => {
  const view = { ...listView('tasks', { job: 'myjob' }), filter: 'since>1m' };
  const { store } = storeKit({ view });
  const rows = ['2026-03-02T12:00:00Z', '2026-03-02T12:00:50Z'].map((stateTransitionTime, index) =>
    task(`t${index}`, { stateTransitionTime }),
  );
  store.setState({ feeds: { [feedKeyOf(view)]: { ...EMPTY_FEED, rows, complete: true, updatedAt: 0 } } });
  let now = Date.parse('2026-03-02T12:01:30Z');
  const listings = new Listings(compilePattern, () => now);
  const shown = () => listings.of(store.getState(), view).rows.length;
  expect(shown()).toBe(1);
  const before = listings.of(store.getState(), view);
  expect(listings.of(store.getState(), view)).toBe(before);
  now += 30_000;
  expect(shown()).toBe(2);
});
