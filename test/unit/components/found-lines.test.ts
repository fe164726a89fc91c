import { expect, test } from 'vitest';
import { onlyLines } from '../../../src/components/found-lines.ts';
import { styledText } from '../../../src/components/pane-lines.ts';

const TEXT = styledText(['a warning', 'b', 'c warning', 'd warning late']);

test('all lines of what is left hold what was looked for, and nobody searches the whole text for that again', () => {
  const asked: string[] = [];
  const find = (wanted: string) => {
    asked.push(wanted);
    return TEXT.find(wanted);
  };
  const only = onlyLines({ ...TEXT, find }, TEXT.find('warning'), 'warning');
  expect(only.find('warning')).toEqual([0, 1, 2]);
  expect(asked).toEqual([]);
  expect(only.find('late')).toEqual([2]);
});
