import { describe, expect, test } from 'vitest';
import { type ListFrame, ListFrames } from '../../../src/components/list-frames.ts';

const VIEW = { cursor: 'a', cursorRow: 0, top: 0, filter: '' };

const at = (cursor: number, right = '0s', top = 0) => ({ top, cursor, right });

/** A frame of three rows of six under one border, the first of which is a certain one. */
function frame(top = 0, until = 1000): ListFrame {
  const rows = [top, top + 1, top + 2];
  return {
    lines: ['=', ...rows.map((row) => ` ${row}`)],
    borderWith: (right) => `- ${right}`,
    firstRow: 1,
    until,
    cursorLine: (row) => (row in rows ? `>${rows[row]}` : undefined),
    scrolledBy: (by) => (Math.abs(by) > 2 ? undefined : frame(top + by, until)),
  };
}

describe('a painted list', () => {
  test('changes two lines when its cursor moves, and leaves those of before as they were', () => {
    const frames = new ListFrames();
    const first = frames.of(['rows'], VIEW, at(0), 0, () => frame());
    const moved = frames.of(['rows'], { ...VIEW, cursor: 'c', cursorRow: 2 }, at(2), 0, () => frame());
    expect(moved).toEqual(['- 0s', '=', ' 0', ' 1', '>2']);
    expect(first).toEqual(['- 0s', '=', '>0', ' 1', ' 2']);
    expect(frames.made).toBe(1);
  });

  test('is the same array while nothing happens', () => {
    const frames = new ListFrames();
    const first = frames.of(['rows'], VIEW, at(1), 0, () => frame());
    expect(frames.of(['rows'], { ...VIEW }, at(1), 999, () => frame())).toBe(first);
  });

  test('changes its border when only its age does', () => {
    const frames = new ListFrames();
    frames.of(['rows'], VIEW, at(1), 0, () => frame());
    expect(frames.of(['rows'], VIEW, at(1, '2s'), 0, () => frame())).toEqual(['- 2s', '=', ' 0', '>1', ' 2']);
    expect(frames.made).toBe(1);
  });

  test('takes the lines that stay when it is scrolled', () => {
    const frames = new ListFrames();
    frames.of(['rows'], VIEW, at(2), 0, () => frame());
    const scrolled = frames.of(['rows'], { ...VIEW, top: 1 }, at(2, '1s', 1), 0, () => frame(9));
    expect(scrolled).toEqual(['- 1s', '=', ' 1', ' 2', '>3']);
    const back = frames.of(['rows'], { ...VIEW, top: 0 }, at(0, '1s', 0), 0, () => frame(9));
    expect(back).toEqual(['- 1s', '=', '>0', ' 1', ' 2']);
    expect(frames.made).toBe(1);
  });

  test('has no cursor where that is not on what is painted', () => {
    const frames = new ListFrames();
    frames.of(['rows'], VIEW, at(0), 0, () => frame());
    expect(frames.of(['rows'], VIEW, at(7), 0, () => frame())).toEqual(['- 0s', '=', ' 0', ' 1', ' 2']);
    expect(frames.of(['rows'], VIEW, at(1), 0, () => frame())).toEqual(['- 0s', '=', ' 0', '>1', ' 2']);
  });

  test.each([
    ['its inputs', ['others'], VIEW, 0, 0],
    ['anything of its view but what moves', ['rows'], { ...VIEW, filter: 'x' }, 0, 0],
    ['the time until which it holds', ['rows'], VIEW, 0, 1000],
    ['a place too far to scroll to', ['rows'], { ...VIEW, top: 3 }, 3, 0],
  ])('is made again for %s', (_, inputs, view, top, now) => {
    const frames = new ListFrames();
    frames.of(['rows'], VIEW, at(0), 0, () => frame());
    const lines = frames.of(inputs, view, at(0, '0s', top), now, () => frame(top));
    expect(lines).toEqual(['- 0s', '=', `>${top}`, ` ${top + 1}`, ` ${top + 2}`]);
    expect(frames.made).toBe(2);
  });
});
