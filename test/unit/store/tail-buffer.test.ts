import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { TailBuffer } from '../../../src/store/tail-buffer.ts';

const bytes = (text: string) => new TextEncoder().encode(text);

describe('lines of a growing file', () => {
  test('a line is open until its line break comes', () => {
    const buffer = new TailBuffer(1000, 0);
    buffer.append(bytes('one\ntw'));
    expect(buffer.lines).toEqual(['one', 'tw']);
    expect(buffer.isOpen).toBe(true);
    buffer.append(bytes('o\n'));
    expect(buffer.lines).toEqual(['one', 'two']);
    expect(buffer.isOpen).toBe(false);
    buffer.append(bytes('\n\nfive'));
    expect(buffer.lines).toEqual(['one', 'two', '', '', 'five']);
  });

  test('nothing appended changes nothing', () => {
    const buffer = new TailBuffer(1000, 7);
    const { lines } = buffer;
    buffer.append(bytes(''));
    expect(buffer.lines).toBe(lines);
    expect([buffer.startByte, buffer.endByte]).toEqual([7, 7]);
  });

  test('however the bytes are cut, the lines are the same', () => {
    const text = 'naïve 日本語\n\nemoji 👩‍👧\nlast €';
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 7 }), { maxLength: 60 }), (sizes) => {
        const all = bytes(text);
        const buffer = new TailBuffer(1000, 100);
        let from = 0;
        for (const size of sizes) {
          buffer.append(all.subarray(from, from + size));
          from = Math.min(all.length, from + size);
        }
        buffer.append(all.subarray(from));
        expect(buffer.lines).toEqual(text.split('\n'));
        expect(buffer.endByte).toBe(100 + all.length);
        expect(buffer.startByte).toBe(100);
      }),
    );
  });

  test('knows at which byte its first line begins, also when lines had to go', () => {
    const text = Array.from({ length: 40 }, (_, number) => `Zeile ${number} – ü\n`).join('');
    const buffer = new TailBuffer(60, 0);
    for (let from = 0; from < text.length; from += 9) buffer.append(bytes(text.slice(from, from + 9)));
    expect(buffer.lines.join('\n').length).toBeLessThanOrEqual(60);
    const rest = new TextDecoder().decode(bytes(text).subarray(buffer.startByte));
    expect(rest).toBe(`${buffer.lines.join('\n')}\n`);
    expect(buffer.dropped + buffer.lines.length).toBe(40);
  });

  test('a single line without end cannot fill the memory', () => {
    const buffer = new TailBuffer(100, 0);
    for (let part = 0; part < 50; part += 1) buffer.append(bytes(`progress ${part}%\r`));
    expect(buffer.lines).toHaveLength(1);
    expect(buffer.lines[0]?.length).toBeLessThanOrEqual(100);
    expect(buffer.lines[0]?.endsWith('progress 49%\r')).toBe(true);
    expect(buffer.startByte).toBe(buffer.endByte - bytes(buffer.lines[0] ?? '').length);
  });
});

describe('older lines', () => {
  test('come before the held ones, whose numbers stay as they were', () => {
    const buffer = new TailBuffer(1000, 8);
    buffer.append(bytes('three\nfour\n'));
    const number = buffer.dropped + buffer.lines.indexOf('three');
    buffer.prepend(bytes('one\ntwo\n'));
    expect(buffer.lines).toEqual(['one', 'two', 'three', 'four']);
    expect(buffer.startByte).toBe(0);
    expect(buffer.dropped + buffer.lines.indexOf('three')).toBe(number);
  });

  test('and times of arrival stay with their lines', () => {
    const buffer = new TailBuffer(20, 8);
    buffer.append(bytes('three\nfo'));
    buffer.append(bytes('ur\nfive\n'), 7000);
    buffer.prepend(bytes('one\ntwo\n'));
    expect([buffer.lines, buffer.arrivals]).toEqual([
      ['one', 'two', 'three', 'four', 'five'],
      [0, 0, 0, 0, 7000],
    ]);
    buffer.append(bytes('six\n'), 8000);
    expect([buffer.lines, buffer.arrivals]).toEqual([
      ['three', 'four', 'five', 'six'],
      [0, 0, 7000, 8000],
    ]);
  });

  test('go again when there are too many', () => {
    const buffer = new TailBuffer(12, 8);
    buffer.append(bytes('three\nfour\n'));
    buffer.prepend(bytes('one\ntwo\n'));
    buffer.append(bytes('x\n'));
    expect(buffer.lines).toEqual(['four', 'x']);
    expect(buffer.startByte).toBe(14);
  });
});
