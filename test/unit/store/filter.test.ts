import { describe, expect, test } from 'vitest';
import { compilePattern } from '../../../src/lib/pattern.ts';
import { resourceNamed } from '../../../src/resources/registry.ts';
import { parseRowFilter } from '../../../src/store/filter.ts';
import { TASKS, task } from '../../support/samples.ts';

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
