import { describe, expect, test } from 'vitest';
import { composeFrame, KeptLines, NO_CHROME } from '../../../src/terminal/frame.ts';

describe('lines that are kept', () => {
  const kept = new KeptLines();

  test('are the same again in another row, and after others have stood there', () => {
    const [one, two] = composeFrame(NO_CHROME, ['a', 'b'], 10, 2, [], kept);
    expect(composeFrame(NO_CHROME, ['b', 'c'], 10, 2, [], kept)[0]).toBe(two);
    expect(composeFrame(NO_CHROME, ['x', 'a'], 10, 2, [], kept)[1]).toBe(one);
  });

  test('are others under a dialog', () => {
    const [plain] = composeFrame(NO_CHROME, ['a'], 10, 1, [], kept);
    const [covered] = composeFrame({ ...NO_CHROME, dialog: ['ok'] }, ['a'], 10, 1, [], kept);
    expect(covered).not.toBe(plain);
    expect(covered?.key).not.toBe(plain?.key);
  });

  test('are dropped, the ones longest unused first', () => {
    const few = new KeptLines();
    const [first, second] = [few.of('first'), few.of('second')];
    for (let line = 0; line < 254; line += 1) few.of(`line ${line}`);
    expect(few.of('first')).toBe(first);
    few.of('one more');
    expect(few.of('first')).toBe(first);
    expect(few.of('second')).not.toBe(second);
  });
});
