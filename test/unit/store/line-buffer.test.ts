import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { stripSgr } from '../../../src/lib/style.ts';
import { LineBuffer } from '../../../src/store/line-buffer.ts';

const bytes = (text: string) => new TextEncoder().encode(text);
const decode = (part: Uint8Array) => new TextDecoder('utf-8', { ignoreBOM: true }).decode(part);
const linesOf = (buffer: LineBuffer) =>
  Array.from({ length: buffer.count }, (_, index) => buffer.line(buffer.first + index));

/** Bytes as programs write them: text, lines of all lengths, colours, and what is no text at all. */
const CONTENT = fc
  .array(
    fc.oneof(
      fc
        .constantFrom('\n', '\r\n', '\n\n', 'naïve 日本語 ', '👩‍👧', '\x1b[31mred\x1b[0m', 'Needle', '\ufeff')
        .map(bytes),
      fc.uint8Array({ maxLength: 5 }),
      fc.string({ maxLength: 12 }).map(bytes),
    ),
    { maxLength: 40 },
  )
  .map((parts) => Buffer.concat(parts));

/** What a buffer must say of the bytes that it holds. */
function modelOf(held: Uint8Array): { readonly whole: string[]; readonly open: string | undefined } {
  const feeds = [...held.keys()].filter((at) => held[at] === 10);
  const starts = [0, ...feeds.map((at) => at + 1)];
  const whole = feeds.map((at, index) => decode(held.subarray(starts[index], at)));
  const rest = held.subarray(starts[feeds.length]);
  const streamed = new TextDecoder('utf-8', { ignoreBOM: true }).decode(rest, { stream: true });
  return { whole, open: rest.length === 0 ? undefined : streamed };
}

function expectHeld(buffer: LineBuffer, held: Uint8Array): void {
  const { whole, open } = modelOf(held);
  expect(linesOf(buffer)).toEqual(open === undefined ? whole : [...whole, open]);
  expect(buffer.isOpen).toBe(open !== undefined);
  expect(buffer.bytes).toBe(held.length);
}

function expectFound(buffer: LineBuffer, text: string): void {
  const found = linesOf(buffer).flatMap((line, index) =>
    stripSgr(line).toLowerCase().includes(text.toLowerCase()) ? [buffer.first + index] : [],
  );
  expect(buffer.find(text)).toEqual(found);
}

describe('the held part of a file', () => {
  test('a line is open until its line break comes', () => {
    const buffer = new LineBuffer(0);
    expect(buffer.append(bytes('one\ntw'))).toBe(2);
    expect([linesOf(buffer), buffer.isOpen]).toEqual([['one', 'tw'], true]);
    expect(buffer.append(bytes('o\n'))).toBe(0);
    expect([linesOf(buffer), buffer.isOpen]).toEqual([['one', 'two'], false]);
    expect(buffer.append(bytes('\n\nfive'))).toBe(3);
    expect(linesOf(buffer)).toEqual(['one', 'two', '', '', 'five']);
  });

  test('a character that has come in part waits for its rest', () => {
    const buffer = new LineBuffer(0);
    buffer.append(bytes('12 €').subarray(0, 4));
    expect(linesOf(buffer)).toEqual(['12 ']);
    buffer.append(bytes('€').subarray(1));
    expect(linesOf(buffer)).toEqual(['12 €']);
  });

  test('however bytes are cut, appended, prepended and dropped, it is as if they were split at once', () => {
    const step = fc.oneof(
      fc.record({ do: fc.constant('append' as const), part: CONTENT }),
      fc.record({ do: fc.constant('prepend' as const), part: CONTENT }),
      fc.record({ do: fc.constant('drop' as const), bytes: fc.nat(60), most: fc.nat(6) }),
      fc.record({ do: fc.constant('find' as const), text: fc.constantFrom('needle', 'ï', 'red', 'e', '語') }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 30 }), fc.constantFrom(0, 16, 1000), (steps, small) => {
        const buffer = new LineBuffer(10_000, small);
        let held = Buffer.alloc(0);
        for (const each of steps) {
          const { first, count } = buffer;
          if (each.do === 'append') {
            const begun = buffer.append(each.part);
            held = Buffer.concat([held, each.part]);
            expect([buffer.first, buffer.count]).toEqual([first, count + begun]);
          } else if (each.do === 'prepend') {
            const { part } = each;
            const added = buffer.prepend(part);
            held = Buffer.concat([part, held]);
            expect(buffer.first + buffer.count).toBe(first + count);
            expect(buffer.first).toBe(first - added);
          } else if (each.do === 'drop') {
            const before = linesOf(buffer);
            const gone = buffer.drop(each.bytes, each.most);
            expect(buffer.first).toBe(first + gone);
            expect(linesOf(buffer)).toEqual(before.slice(gone));
            const freed = held.length - buffer.bytes;
            held = held.subarray(freed);
            const isEnough = freed >= each.bytes || gone === Math.min(each.most, count);
            expect(isEnough).toBe(true);
          } else {
            expectFound(buffer, each.text);
          }
          expectHeld(buffer, held);
        }
        expectFound(buffer, 'needle');
        expect(buffer.endByte - buffer.startByte).toBe(held.length);
      }),
      { numRuns: 300 },
    );
  });

  test('drops as few lines as it can', () => {
    for (const small of [0, 1000]) {
      const buffer = new LineBuffer(0, small);
      for (const part of ['one\ntwo\n', 'thr', 'ee\nfour\n']) buffer.append(bytes(part));
      expect(buffer.drop(5, 9)).toBe(2);
      expect(buffer.drop(1, 9)).toBe(1);
      expect([linesOf(buffer), buffer.first, buffer.startByte]).toEqual([['four'], 3, 14]);
    }
  });

  test('a line that is cut keeps its end, from a whole character on', () => {
    const buffer = new LineBuffer(0);
    buffer.append(bytes('a€b€'));
    buffer.cut(6);
    expect([linesOf(buffer), buffer.bytes, buffer.startByte]).toEqual([['b€'], 4, 4]);
    expect(buffer.find('€')).toEqual([0]);
  });

  test('a search goes on where it has ended, and looks again at a line that was open', () => {
    const buffer = new LineBuffer(0, 4);
    buffer.append(bytes('needle\nnothing\nnee'));
    expect(buffer.find('needle')).toEqual([0]);
    buffer.append(bytes('dle'));
    expect(buffer.find('needle')).toEqual([0, 2]);
    buffer.append(bytes(' and\nNEEDLE\n'));
    expect(buffer.find('needle')).toEqual([0, 2, 3]);
    buffer.drop(1, 1);
    expect(buffer.find('needle')).toEqual([2, 3]);
    expect(buffer.find('')).toEqual([]);
  });
});
