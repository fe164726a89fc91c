import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type KeyEvent, KeyReader } from '../../../src/terminal/keys.ts';
import { keyBytes } from '../../support/key-bytes.ts';

/** A reader on a clock of the test: `elapse` runs what was waited for. */
function reader() {
  const timers = new Set<() => void>();
  const late: KeyEvent[] = [];
  const keys = new KeyReader({
    onTimeout: (events) => late.push(...events),
    startTimer: (callback) => {
      timers.add(callback);
      return () => timers.delete(callback);
    },
  });
  return {
    keys,
    late,
    waits: () => timers.size > 0,
    elapse: () => {
      for (const callback of [...timers]) {
        timers.delete(callback);
        callback();
      }
    },
  };
}

/** The names of what some input is, with what is only known after the timeout. */
function names(...chunks: readonly (string | Buffer)[]): string[] {
  const { keys, late, elapse } = reader();
  const events = chunks.flatMap((chunk) => keys.feed(chunk));
  elapse();
  return [...events, ...late].map((event) => (event.kind === 'key' ? event.key : `paste:${event.text}`));
}

describe('single keys', () => {
  test.each([
    ['j', 'j'],
    ['G', 'G'],
    ['?', '?'],
    ['[', '['],
    ['é', 'é'],
    ['漢', '漢'],
    ['😀', '😀'],
    [' ', 'space'],
    ['\r', 'enter'],
    ['\n', 'enter'],
    ['\t', 'tab'],
    ['\x7f', 'backspace'],
    ['\b', 'backspace'],
    ['\0', 'ctrl-space'],
    ['\x04', 'ctrl-d'],
    ['\x1a', 'ctrl-z'],
    ['\x1c', 'ctrl-\\'],
    ['\x1d', 'ctrl-]'],
    ['\x1b', 'esc'],
    ['\x1b[A', 'up'],
    ['\x1bOA', 'up'],
    ['\x1b[D', 'left'],
    ['\x1b[H', 'home'],
    ['\x1b[1~', 'home'],
    ['\x1b[7~', 'home'],
    ['\x1b[F', 'end'],
    ['\x1bOF', 'end'],
    ['\x1b[2~', 'insert'],
    ['\x1b[3~', 'delete'],
    ['\x1b[5~', 'pgup'],
    ['\x1b[6~', 'pgdn'],
    ['\x1b[Z', 'shift-tab'],
    ['\x1b[1;2D', 'shift-left'],
    ['\x1b[1;5D', 'ctrl-left'],
    ['\x1b[1;8C', 'ctrl-alt-shift-right'],
    ['\x1b[3;5~', 'ctrl-delete'],
    ['\x1b[5^', 'ctrl-pgup'],
    ['\x1bOP', 'f1'],
    ['\x1b[[A', 'f1'],
    ['\x1b[11~', 'f1'],
    ['\x1b[1;2R', 'shift-f3'],
    ['\x1b[15~', 'f5'],
    ['\x1b[24~', 'f12'],
    ['\x1b[24;2~', 'shift-f12'],
    ['\x1bb', 'alt-b'],
    ['\x1bB', 'alt-B'],
    ['\x1b\x7f', 'alt-backspace'],
    ['\x1b\x04', 'ctrl-alt-d'],
    ['\x1b[', 'alt-['],
    ['\x1bO', 'alt-O'],
    ['\x1b]', 'alt-]'],
    ['\x1bOM', 'enter'],
    ['\x1bOq', '1'],
  ])('%j is %s', (bytes, name) => {
    expect(names(bytes)).toEqual([name]);
  });

  test.each([
    ['\x1b[100;5u', 'ctrl-d'],
    ['\x1b[100;6u', 'ctrl-shift-d'],
    ['\x1b[103;2u', 'G'],
    ['\x1b[49:33;2u', '!'],
    ['\x1b[27u', 'esc'],
    ['\x1b[13;2u', 'shift-enter'],
    ['\x1b[32;5u', 'ctrl-space'],
    ['\x1b[9;2u', 'shift-tab'],
    ['\x1b[127;5u', 'ctrl-backspace'],
    ['\x1b[106;1:1u', 'j'],
    ['\x1b[57399u', '0'],
    ['\x1b[57421u', 'pgup'],
    ['\x1b[27;5;100~', 'ctrl-d'],
    ['\x1b[27;6;68~', 'ctrl-shift-d'],
    ['\x1b[27;2;33~', '!'],
    ['\x1b[27;5;92~', 'ctrl-\\'],
  ])('%j of the extended protocols is %s', (bytes, name) => {
    expect(names(bytes)).toEqual([name]);
  });

  test('characters carry the text they type, other keys none', () => {
    const { keys } = reader();
    expect(keys.feed('a \x01\r')).toEqual([
      { kind: 'key', key: 'a', text: 'a' },
      { kind: 'key', key: 'space', text: ' ' },
      { kind: 'key', key: 'ctrl-a' },
      { kind: 'key', key: 'enter' },
    ]);
  });

  test('every key that the end-to-end tests press is read back by its name', () => {
    const pressed = [
      'j',
      'G',
      'space',
      'enter',
      'tab',
      'shift-tab',
      'esc',
      'backspace',
      'delete',
      'up',
      'pgdn',
    ];
    const others = [
      'f1',
      'f12',
      'ctrl-d',
      'ctrl-\\',
      'ctrl-space',
      'alt-b',
      'shift-left',
      'ctrl-right',
      'home',
    ];
    for (const key of [...pressed, ...others]) expect(names(keyBytes(key))).toEqual([key]);
  });
});

describe('typed-ahead and split input', () => {
  test('keys that arrive together all count', () => {
    expect(names('jjj')).toEqual(['j', 'j', 'j']);
    expect(names('jj\x03')).toEqual(['j', 'j', 'ctrl-c']);
    expect(names('\x1b[B\x1b[Bx\x1b[5~')).toEqual(['down', 'down', 'x', 'pgup']);
  });

  test('a sequence split by the network is one key', () => {
    expect(names('\x1b', '[', 'A')).toEqual(['up']);
    expect(names('\x1b[1', ';5', 'D')).toEqual(['ctrl-left']);
  });

  test('esc is told by time: it is held until the timeout', () => {
    const { keys, late, waits, elapse } = reader();
    expect(keys.feed('\x1b')).toEqual([]);
    expect(waits()).toBe(true);
    elapse();
    expect(late).toEqual([{ kind: 'key', key: 'esc' }]);
    expect(keys.feed('[A')).toHaveLength(2);
  });

  test('nothing is waited for when nothing is held', () => {
    const { keys, waits } = reader();
    keys.feed('\x1b');
    keys.feed('[A');
    expect(waits()).toBe(false);
  });

  test('two escapes are two keys', () => {
    expect(names('\x1b\x1b')).toEqual(['esc', 'esc']);
    expect(names('\x1b\x1b[A')).toEqual(['esc', 'up']);
  });

  test('characters split between bytes are put together', () => {
    const bytes = Buffer.from('é漢😀');
    expect(names(...[...bytes].map((byte) => Buffer.from([byte])))).toEqual(['é', '漢', '😀']);
  });
});

describe('pastes', () => {
  test('a paste is one event, whatever is in it', () => {
    expect(names('a\x1b[200~one\r\ntwo\x1b[Aq\x03\x1b[201~b')).toEqual([
      'a',
      'paste:one\ntwo\x1b[Aq\x03',
      'b',
    ]);
  });

  test('a paste may arrive in pieces, also within its end mark', () => {
    expect(names('\x1b[200~on', 'e\x1b', '[20', '1~j')).toEqual(['paste:one', 'j']);
  });

  test('a paste is not ended by time', () => {
    const { keys, late, elapse } = reader();
    keys.feed('\x1b[200~one');
    elapse();
    expect(late).toEqual([]);
    expect(keys.feed(' q\x1b[201~')).toEqual([{ kind: 'paste', text: 'one q' }]);
  });
});

describe('what is no key', () => {
  test.each([
    ['SGR mouse', '\x1b[<0;10;20M\x1b[<0;10;20m'],
    ['X10 mouse', '\x1b[M !!'],
    ['urxvt mouse', '\x1b[35;10;20M'],
    ['focus', '\x1b[I\x1b[O'],
    ['device attributes', '\x1b[?64;1;2c\x1b[>0;276;0c'],
    ['status and cursor place', '\x1b[0n\x1b[12;40R'],
    ['mode report', '\x1b[?2026;2$y'],
    ['window report', '\x1b[8;50;200t'],
    ['colour answer with BEL', '\x1b]11;rgb:0000/0000/0000\x07'],
    ['colour answer with ST', '\x1b]11;rgb:0000/0000/0000\x1b\\'],
    ['DCS answer', '\x1bP1+r544e=787465726d\x1b\\'],
    ['kitty flags', '\x1b[?1u'],
    ['key release', '\x1b[106;1:3u'],
    ['super key', '\x1b[106;9u'],
    ['modifier alone', '\x1b[57441;2u'],
    ['unknown sequence', '\x1b[99~'],
  ])('%s is swallowed', (_name, bytes) => {
    expect(names(`a${bytes}b`)).toEqual(['a', 'b']);
  });

  test('a sequence broken off by another loses only itself', () => {
    expect(names('\x1b[1;\x1b[A')).toEqual(['up']);
    expect(names('\x1b]0;title\x1b[Aj')).toEqual(['up', 'j']);
  });

  test('a sequence that never ends is dropped after the timeout', () => {
    expect(names('\x1b[1;5')).toEqual([]);
  });
});

test('any cut of any input gives the same keys', () => {
  const part = fc.oneof(
    fc.constantFrom(
      'j',
      'é',
      '漢',
      '😀',
      '\x1b',
      '\x1b[A',
      '\x1b[1;5D',
      '\x1bOP',
      '\x1bO',
      '\x1b[200~',
      '\x1b[201~',
    ),
    fc.constantFrom(
      '\x1b[<0;1;2M',
      '\x1b[M',
      '\x1b]11;x\x07',
      '\x1b]',
      '\x1b\\',
      '\x1bP',
      '\x1b[[',
      '~',
      '\x03',
      '\r',
    ),
    fc.string({ maxLength: 4 }),
    fc.uint8Array({ maxLength: 3 }),
  );
  const cut = fc.array(fc.nat(40), { maxLength: 8 });
  fc.assert(
    fc.property(fc.array(part, { maxLength: 14 }), cut, (parts, cuts) => {
      const bytes = Buffer.concat(parts.map((piece) => Buffer.from(piece as Uint8Array)));
      const edges = [0, ...cuts.map((edge) => Math.min(edge, bytes.length)), bytes.length].sort(
        (a, b) => a - b,
      );
      const chunks = edges.slice(1).map((end, index) => bytes.subarray(edges[index], end));
      expect(names(...chunks)).toEqual(names(bytes));
    }),
    { numRuns: 3000 },
  );
});
