import { describe, expect, test } from 'vitest';
import { type ListFrame, ListFrames } from '../../../src/components/list-frames.ts';

const VIEW = { cursor: 'a', cursorRow: 0, top: 0, filter: '' };

const at = (cursor: number, right = '0s') => ({ cursor, right });

/** A frame of three rows under one border, with the cursor on a row. */
function frame(cursor: number, until = 1000): ListFrame {
  const lineAt = (row: number, isCursor: boolean) => (row > 2 ? undefined : `${isCursor ? '>' : ' '}${row}`);
  const rows = [0, 1, 2].map((row) => lineAt(row, row === cursor) ?? '');
  return { lines: ['=', ...rows], borderWith: (right) => `- ${right}`, firstRow: 1, until, lineAt };
}

describe('a painted list', () => {
  test('changes two lines when its cursor moves, and leaves those of before as they were', () => {
    const frames = new ListFrames();
    const first = frames.of(['rows'], VIEW, at(0), 0, () => frame(0));
    const moved = frames.of(['rows'], { ...VIEW, cursor: 'c', cursorRow: 2 }, at(2), 0, () => frame(2));
    expect(moved).toEqual(['- 0s', '=', ' 0', ' 1', '>2']);
    expect(first).toEqual(['- 0s', '=', '>0', ' 1', ' 2']);
    expect(frames.made).toBe(1);
  });

  test('is the same array while nothing happens', () => {
    const frames = new ListFrames();
    const first = frames.of(['rows'], VIEW, at(1), 0, () => frame(1));
    expect(frames.of(['rows'], { ...VIEW }, at(1), 999, () => frame(1))).toBe(first);
  });

  test('changes its border when only its age does', () => {
    const frames = new ListFrames();
    frames.of(['rows'], VIEW, at(1), 0, () => frame(1));
    expect(frames.of(['rows'], VIEW, at(1, '2s'), 0, () => frame(1))).toEqual([
      '- 2s',
      '=',
      ' 0',
      '>1',
      ' 2',
    ]);
    expect(frames.made).toBe(1);
  });

  test.each([
    ['its inputs', ['others'], VIEW, 0, 0],
    ['anything of its view but the cursor', ['rows'], { ...VIEW, top: 5 }, 0, 0],
    ['the time until which it holds', ['rows'], VIEW, 0, 1000],
    ['a cursor outside of what is painted', ['rows'], VIEW, 7, 0],
  ])('is made again for %s', (_, inputs, view, cursor, now) => {
    const frames = new ListFrames();
    frames.of(['rows'], VIEW, at(0), 0, () => frame(0));
    const made = frame(cursor);
    expect(frames.of(inputs, view, at(cursor), now, () => made)).toEqual(['- 0s', ...made.lines]);
    expect(frames.made).toBe(2);
  });
});
