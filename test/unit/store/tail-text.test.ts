import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { TailText } from '../../../src/store/tail-text.ts';

const bytes = (text: string) => new TextEncoder().encode(text);

/** A text of some files, and what stands in it: `0:line` or `[label file]`. */
function textOf(files: number, limit = 1000) {
  const text = new TailText(files, () => limit);
  const shown = () =>
    Array.from({ length: text.count }, (_, index) => {
      const place = text.place(index);
      return place.label === undefined
        ? `${place.file}:${place.text}`
        : `[${place.isFirst ? '' : 'then '}${place.label.kind} ${place.label.file}]`;
    });
  const times = () =>
    Array.from({ length: text.count }, (_, index) =>
      Number(text.place(index).label === undefined && (text.place(index) as { at: number }).at),
    );
  return { text, shown, times };
}

describe('the text of one file', () => {
  test('has no labels; what was there before has no time', () => {
    const { text, shown, times } = textOf(1);
    text.open(0, 100, bytes('one\ntw'), 0);
    text.append(0, bytes('o\nthree\n'), 7000);
    expect(shown()).toEqual(['0:one', '0:two', '0:three']);
    expect(times()).toEqual([0, 0, 7000]);
    expect(text.olderBytes).toBe(100);
  });

  test('older lines come before the held ones, whose numbers stay as they were', () => {
    const { text, shown, times } = textOf(1);
    text.open(0, 8, bytes('three\n'), 0);
    text.append(0, bytes('four\n'), 7000);
    text.prepend(0, bytes('two\n'));
    text.prepend(0, bytes('one\n'));
    expect(shown()).toEqual(['0:one', '0:two', '0:three', '0:four']);
    expect(text.dropped).toBe(-2);
    expect([times(), text.olderBytes]).toEqual([[0, 0, 0, 7000], 0]);
  });

  test('holds no more than it may, knows which bytes it holds, and counts what it has dropped', () => {
    fc.assert(
      fc.property(fc.integer({ min: 20, max: 90 }), fc.integer({ min: 1, max: 33 }), (limit, step) => {
        const all = bytes(Array.from({ length: 40 }, (_, number) => `Zeile ${number} – ü\n`).join(''));
        const { text } = textOf(1, limit);
        text.open(0, 0, all.subarray(0, 5), 0);
        for (let from = 5; from < all.length; from += step) {
          text.append(0, all.subarray(from, from + step), from);
          expect(text.bytes).toBeLessThanOrEqual(limit);
        }
        const lines = Array.from({ length: text.count }, (_, index) => text.line(index));
        const rest = new TextDecoder().decode(all.subarray(text.extent(0)?.startByte));
        expect(rest).toBe(`${lines.join('\n')}\n`);
        expect(text.dropped + text.count).toBe(40);
      }),
    );
  });

  test('a single line without end cannot fill the memory', () => {
    const { text } = textOf(1, 100);
    text.open(0, 0, bytes('start\r'), 0);
    for (let part = 0; part < 50; part += 1) text.append(0, bytes(`progress ${part}%\r`), 1);
    expect(text.count).toBe(1);
    expect(text.bytes).toBeLessThanOrEqual(100);
    expect(text.line(0).endsWith('progress 49%\r')).toBe(true);
    expect((text.extent(0)?.endByte ?? 0) - (text.extent(0)?.startByte ?? 0)).toBe(text.bytes);
  });

  test('a file that begins anew takes the place of what was there, and no number is used again', () => {
    const { text, shown } = textOf(1);
    text.open(0, 0, bytes('first\nsecond\n'), 0);
    text.open(0, 0, bytes('new\n'), 5);
    expect(shown()).toEqual(['0:new']);
    expect(text.dropped).toBe(2);
    expect(text.bytes).toBe(4);
  });
});

describe('the text of several files', () => {
  test('says that what was there before has no order, and shows the rest as it comes', () => {
    const { text, shown } = textOf(2);
    text.open(0, 0, bytes('a1\na2\n'), 0);
    text.open(1, 0, bytes('b1\nb'), 0);
    text.append(0, bytes('a3\n'), 1000);
    text.append(1, bytes('2\nb3\n'), 1000);
    text.append(0, bytes('a4\n'), 2000);
    expect(shown()).toEqual([
      '[before 0]',
      '0:a1',
      '0:a2',
      '[then before 1]',
      '1:b1',
      '1:b2',
      '[live 0]',
      '0:a3',
      '1:b3',
      '0:a4',
    ]);
    expect(text.lineCount).toBe(7);
  });

  test('needs no label for files that are empty or appear while one looks', () => {
    const { text, shown } = textOf(2);
    text.open(0, 0, bytes(''), 0);
    text.append(0, bytes('a1\n'), 1000);
    text.open(1, 0, bytes('b1\n'), 1000);
    expect(shown()).toEqual(['0:a1', '1:b1']);
  });

  test('a line goes on where it began', () => {
    const { text, shown } = textOf(2);
    text.open(0, 0, bytes(''), 0);
    text.open(1, 0, bytes(''), 0);
    text.append(0, bytes('10%\r'), 1000);
    text.append(1, bytes('b1\n'), 1000);
    text.append(0, bytes('20%\nnext\n'), 2000);
    expect(shown()).toEqual(['0:10%\r20%', '1:b1', '0:next']);
  });

  test('older lines go on top, so that no other line moves', () => {
    const { text, shown } = textOf(2);
    text.open(0, 8, bytes('a3\n'), 0);
    text.open(1, 4, bytes('b2\n'), 0);
    text.prepend(1, bytes('b1\n'));
    text.prepend(0, bytes('a2\n'));
    text.prepend(0, bytes('a1\n'));
    expect(shown()).toEqual([
      '[older 0]',
      '0:a1',
      '0:a2',
      '[then older 1]',
      '1:b1',
      '[before 0]',
      '0:a3',
      '[then before 1]',
      '1:b2',
    ]);
    expect(text.dropped).toBe(-5);
    expect(text.find('3')).toEqual([6]);
  });

  test('older lines go on from what stands at the top when that is of the same file', () => {
    const { text, shown } = textOf(2);
    text.open(0, 8, bytes('a2\n'), 0);
    text.open(1, 0, bytes('b1\n'), 0);
    text.prepend(0, bytes('a1\n'));
    expect(shown()).toEqual(['[before 0]', '0:a1', '0:a2', '[then before 1]', '1:b1']);
    expect(text.dropped).toBe(-1);
  });

  test('older bytes that end inside a line make it whole where it stands', () => {
    const { text, shown } = textOf(2);
    text.open(0, 9, bytes('of a3\n'), 0);
    text.open(1, 0, bytes('b1\n'), 0);
    text.prepend(0, bytes('rest '));
    text.prepend(0, bytes('a2\n'));
    expect(shown()).toEqual(['[before 0]', '0:a2', '0:rest of a3', '[then before 1]', '1:b1']);
  });

  test('one that begins anew goes on below', () => {
    const { text, shown } = textOf(2);
    text.open(0, 0, bytes(''), 0);
    text.open(1, 0, bytes(''), 0);
    text.append(0, bytes('a1\n'), 1000);
    text.open(0, 0, bytes(''), 2000);
    expect(shown()).toEqual(['0:a1']);
    text.append(0, bytes('new\n'), 2000);
    text.append(1, bytes('b1\n'), 3000);
    expect(shown()).toEqual(['0:a1', '[again 0]', '0:new', '1:b1']);
    expect(text.find('1')).toEqual([0, 3]);
  });

  test('whatever comes in whatever pieces, its end is what stands there', () => {
    const piece = fc.record({
      file: fc.nat(2),
      part: fc.constantFrom('x\n', 'long line\n', '\n', 'open ', '€', '\n\nz'),
    });
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 80 }), fc.integer({ min: 12, max: 80 }), (pieces, limit) => {
        const { text, shown } = textOf(3, limit);
        const whole = textOf(3, 1e9);
        for (const file of [0, 1, 2]) {
          text.open(file, 0, bytes(''), 0);
          whole.text.open(file, 0, bytes(''), 0);
        }
        let at = 1;
        for (const { file, part } of pieces) {
          // An open line that had to go would come back in part: here each is ended in the same piece.
          const ended = part.endsWith('\n') ? part : `${part}\n`;
          text.append(file, bytes(ended), at);
          whole.text.append(file, bytes(ended), at);
          at += 1;
          expect(text.bytes).toBeLessThanOrEqual(limit);
        }
        const all = whole.shown();
        expect(shown()).toEqual(all.slice(all.length - text.count));
        expect(text.dropped + text.count).toBe(all.length);
        const found = shown().flatMap((line, index) => (line.slice(2).includes('e') ? [index] : []));
        expect(text.find('e')).toEqual(found);
      }),
    );
  });

  test('an open line that had to go comes back with its rest', () => {
    const { text, shown } = textOf(2, 30);
    text.open(0, 0, bytes(''), 0);
    text.open(1, 0, bytes(''), 0);
    text.append(0, bytes('waiting …'), 1);
    text.append(1, bytes(`${'x'.repeat(28)}\n`), 2);
    expect(shown()).toEqual([`1:${'x'.repeat(28)}`]);
    text.append(0, bytes(' done\n'), 3);
    expect(shown()).toEqual(['0: done']);
  });
});
