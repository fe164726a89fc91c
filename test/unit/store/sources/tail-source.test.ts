import { describe, expect, test } from 'vitest';
import type { ByteRange, FileRef } from '../../../../src/api/port.ts';
import { ServiceError, UnreachableError } from '../../../../src/lib/errors.ts';
import { tailKey } from '../../../../src/store/keys-of.ts';
import { TailSource } from '../../../../src/store/sources/tail-source.ts';
import type { TailState } from '../../../../src/store/state.ts';
import type { TailText } from '../../../../src/store/tail-text.ts';
import { tailView } from '../../../../src/store/views.ts';
import { NOT_RUN, task } from '../../../support/samples.ts';
import { notFound } from '../../../support/scripted-port.ts';
import { storeKit } from '../../../support/store-kit.ts';

const STDOUT: FileRef = { kind: 'task', job: 'myjob', task: 'mytask', path: 'stdout.txt' };
const NODE_FILE: FileRef = { kind: 'node', pool: 'mypool', node: 'n1', path: 'startup/stdout.txt' };
const NEVER = new AbortController().signal;

const running = (changes: object = {}) =>
  task('mytask', { state: 'running', executionInfo: { startTime: '1', retryCount: 0, ...changes } });

/** A tail of a file that the test writes; `undefined` is a file that is not there. */
function tailOf(file: FileRef = STDOUT) {
  const world = { text: undefined as string | undefined, task: running() };
  const reads: ByteRange[] = [];
  const kit = storeKit({
    view: tailView(file),
    port: {
      get: async () => world.task,
      statFile: async () => {
        if (world.text === undefined) throw notFound('FileNotFound');
        const size = new TextEncoder().encode(world.text).length;
        return { size, lastModified: undefined, isDirectory: false, contentType: undefined };
      },
      readFile: async (_file, range) => {
        reads.push(range);
        return new TextEncoder().encode(world.text).subarray(range.start, range.end);
      },
    },
  });
  const view = tailView(file);
  const source = new TailSource({ store: kit.store, port: kit.port, now: () => kit.timing.now() }, view);
  const tail = () => seen(kit.store.getState().tails[tailKey(view)] as TailState);
  return { ...kit, world, reads, source, tail };
}

/** The state of a tail of one file, with what its text says. */
function seen(state: TailState) {
  const { text } = state;
  const { startByte = 0, endByte = 0 } = text.extent(0) ?? {};
  return {
    ...state,
    note: state.files[0]?.note,
    lines: linesOf(text),
    dropped: text.dropped,
    startByte,
    endByte,
  };
}

const linesOf = (text: TailText) => Array.from({ length: text.count }, (_, index) => text.line(index));

const numbered = (count: number) =>
  Array.from({ length: count }, (_, number) => `line ${number + 1}\n`).join('');

describe('a tail', () => {
  test('waits for a file that is not there yet, and says why', async () => {
    const { source, tail, world } = tailOf();
    world.task = task('mytask', { state: 'active', ...NOT_RUN });
    await source.tick(NEVER);
    expect(tail()).toMatchObject({
      status: 'waiting',
      lines: [],
      note: 'the task is active: its file appears when it runs',
    });
    world.task = running();
    world.text = 'hello\n';
    await source.tick(NEVER);
    expect(tail()).toMatchObject({ status: 'following', lines: ['hello'], note: undefined });
  });

  test('knows when a line came of a file that appeared meanwhile, and of none that was there before', async () => {
    const { source, tail, world, timing } = tailOf();
    await source.tick(NEVER);
    timing.sleep(5000);
    world.text = 'hello\n';
    await source.tick(NEVER);
    expect(tail().text.place(0)).toMatchObject({ text: 'hello', at: timing.now() });
    const old = tailOf();
    old.world.text = 'hello\n';
    await old.source.tick(NEVER);
    expect(old.tail().text.place(0)).toMatchObject({ text: 'hello', at: 0 });
  });

  test('says when there will never be such a file', async () => {
    const { source, tail, world } = tailOf();
    world.task = task('mytask');
    await source.tick(NEVER);
    expect(tail().note).toBe('the task has ended and left no such file: the task ended with exit code 0');
  });

  test('reads only what was appended', async () => {
    const { source, tail, world, reads } = tailOf();
    world.text = 'one\n';
    await source.tick(NEVER);
    world.text += 'two\nthr';
    await source.tick(NEVER);
    expect(tail().lines).toEqual(['one', 'two', 'thr']);
    await source.tick(NEVER);
    world.text += 'ee – ü\n';
    await source.tick(NEVER);
    expect(tail().lines).toEqual(['one', 'two', 'three – ü']);
    expect(reads).toEqual([
      { start: 0, end: 4 },
      { start: 4, end: 11 },
      { start: 11, end: 21 },
    ]);
  });

  test('opens a large file at its end, at the beginning of a line', async () => {
    const { source, tail, world, reads } = tailOf();
    world.text = numbered(100_000);
    await source.tick(NEVER);
    expect(reads).toEqual([{ start: world.text.length - 65_536, end: world.text.length }]);
    expect(tail().lines.at(-1)).toBe('line 100000');
    expect(tail().lines[0]).toMatch(/^line \d+$/);
    expect(world.text.slice(tail().startByte).startsWith(`${tail().lines[0]}\n`)).toBe(true);
  });

  test('loads what is older piece by piece, up to the start of the file', async () => {
    const { source, tail, world } = tailOf();
    world.text = numbered(20_000);
    await source.tick(NEVER);
    const [first = ''] = tail().lines;
    for (let times = 0; tail().startByte > 0; times += 1) {
      expect(times).toBeLessThan(5);
      await source.more(NEVER);
    }
    expect(tail().lines).toHaveLength(20_000);
    expect(tail().lines[0]).toBe('line 1');
    expect(tail().lines.indexOf(first) + tail().dropped).toBe(0);
    await source.more(NEVER);
    expect(tail().lines).toHaveLength(20_000);
  });

  test('reaches as far back as it is told to, and no further', async () => {
    const { source, tail, world } = tailOf();
    world.text = numbered(200_000);
    await source.tick(NEVER);
    await source.more(NEVER, 1_000_000);
    const { startByte, endByte, lines } = tail();
    expect(endByte - startByte).toBeGreaterThan(999_900);
    expect(endByte - startByte).toBeLessThanOrEqual(1_000_000);
    expect(world.text.slice(startByte)).toBe(`${lines.join('\n')}\n`);
    await source.more(NEVER, 1_000_000);
    expect(tail().lines).toHaveLength(lines.length);
  });

  test('gets past a line that is longer than a piece', async () => {
    const { source, tail, world } = tailOf();
    world.text = `first\n${'x'.repeat(300_000)}\nlast\n`;
    await source.tick(NEVER);
    expect(tail().lines).toEqual(['last']);
    await source.more(NEVER);
    expect(tail().lines.map((line) => line.length)).toEqual([5, 300_000, 4]);
  });

  test('shows the end of a last line that is longer than a piece, and all of it once it is loaded', async () => {
    const { source, tail, world } = tailOf();
    world.text = `first\n${'€'.repeat(100_000)} end\n`;
    await source.tick(NEVER);
    expect(tail().lines).toHaveLength(1);
    expect(tail().lines[0]).toMatch(/^€+ end$/);
    const number = tail().dropped;
    await source.more(NEVER, 1_000_000);
    expect(tail().lines).toEqual(['first', `${'€'.repeat(100_000)} end`]);
    expect(tail().dropped).toBe(number - 1);
  });

  test('reaches back through lines that are longer than what is read at once', async () => {
    const { source, tail, world } = tailOf();
    world.text = Array.from({ length: 3 }, (_, line) => `${'x'.repeat(3_000_000)} end ${line}\n`).join('');
    await source.tick(NEVER);
    await source.more(NEVER, 16_000_000);
    expect(tail().startByte).toBe(0);
    expect(tail().lines.map((line) => [line.length, line.slice(-5)])).toEqual(
      [0, 1, 2].map((line) => [3_000_006, `end ${line}`]),
    );
  });

  test('begins anew when the task is tried again', async () => {
    const { source, tail, world } = tailOf();
    world.text = 'first try, long\n';
    await source.tick(NEVER);
    world.task = running({ startTime: '2', retryCount: 1 });
    world.text = 'second try, longer than the first\n';
    await source.tick(NEVER);
    expect(tail().lines).toEqual(['second try, longer than the first']);
  });

  test('begins anew when the file has become shorter', async () => {
    const { source, tail, world } = tailOf(NODE_FILE);
    world.text = 'a long line\n';
    await source.tick(NEVER);
    world.text = 'short\n';
    await source.tick(NEVER);
    expect(tail().lines).toEqual(['short']);
  });

  test('says that the task has ended, and how, and asks less often then', async () => {
    const { source, tail, world } = tailOf();
    world.text = 'done\n';
    await source.tick(NEVER);
    const often = source.interval();
    world.task = task('mytask', {
      executionInfo: { startTime: '1', retryCount: 0, exitCode: 1, failureInfo: { code: 'FailureExitCode' } },
    });
    world.text += 'last words\n';
    await source.tick(NEVER);
    expect(tail()).toMatchObject({
      status: 'ended',
      note: 'the task ended with exit code 1 (FailureExitCode)',
    });
    expect(tail().lines.at(-1)).toBe('last words');
    expect(source.interval()).toBeGreaterThan(often);
  });

  test('asks for no task where the file is a node’s', async () => {
    const { source, tail, world, port } = tailOf(NODE_FILE);
    world.text = 'x\n';
    await source.tick(NEVER);
    expect(port.asked('get')).toEqual([]);
    expect(tail().status).toBe('following');
  });

  test('keeps its lines through a failure, and goes on after it', async () => {
    const { source, tail, world, port } = tailOf();
    world.text = 'one\n';
    await source.tick(NEVER);
    const error = new UnreachableError('gone');
    port.play({ get: () => Promise.reject(error) });
    await expect(source.tick(NEVER)).rejects.toBe(error);
    source.failed(error);
    expect(tail()).toMatchObject({ status: 'failed', lines: ['one'], error });
    port.play({ get: async () => running() });
    world.text += 'two\n';
    await source.tick(NEVER);
    expect(tail()).toMatchObject({ status: 'following', lines: ['one', 'two'], error: undefined });
  });

  test('a refusal that is not about waiting is a failure', async () => {
    const { source, port } = tailOf();
    port.play({ statFile: () => Promise.reject(notFound('JobBeingDeleted')) });
    await expect(source.tick(NEVER)).rejects.toThrow('does not exist');
  });
});

describe('a tail of several files', () => {
  const FILES: readonly FileRef[] = [STDOUT, { ...STDOUT, path: 'stderr.txt' }, { ...STDOUT, task: 'other' }];
  const nameOf = (file: FileRef) => `${file.kind === 'task' ? file.task : ''}/${file.path}`;

  /** A tail of files that the test writes, by `task/path`. */
  function tailOfMany(texts: Record<string, string>, answer?: (file: FileRef) => Promise<void>) {
    const sizeOf = (file: FileRef) => new TextEncoder().encode(texts[nameOf(file)]).length;
    const kit = storeKit({
      view: tailView(...FILES),
      session: { tailMegabytes: 1 },
      port: {
        get: async (_resource, _scope, id) => ({ ...running(), id }),
        statFile: async (file) => {
          await answer?.(file);
          if (texts[nameOf(file)] === undefined) throw notFound('FileNotFound');
          return { size: sizeOf(file), lastModified: undefined, isDirectory: false, contentType: undefined };
        },
        readFile: async (file, range) =>
          new TextEncoder().encode(texts[nameOf(file)]).subarray(range.start, range.end),
      },
    });
    const view = tailView(...FILES);
    const source = new TailSource({ store: kit.store, port: kit.port, now: () => kit.timing.now() }, view);
    const tail = () => kit.store.getState().tails[tailKey(view)] as TailState;
    const lines = () => linesOf(tail().text).filter((line) => line !== '');
    return { ...kit, source, tail, lines };
  }

  test('shows the lines of all, and asks for each task once', async () => {
    const texts: Record<string, string> = { 'mytask/stdout.txt': 'a1\n', 'mytask/stderr.txt': 'e1\n' };
    const { source, lines, tail, port, timing } = tailOfMany(texts);
    await source.tick(NEVER);
    expect(lines()).toEqual(['a1', 'e1']);
    expect(tail().status).toBe('following');
    expect(tail().files.map(({ status }) => status)).toEqual(['following', 'following', 'waiting']);
    expect(port.asked('get')).toHaveLength(2);
    texts['other/stdout.txt'] = 'b1\n';
    texts['mytask/stderr.txt'] += 'e2\n';
    await timing.pass(1000, async () => undefined);
    await source.tick(NEVER);
    texts['mytask/stdout.txt'] += 'a2\n';
    await source.tick(NEVER);
    expect(lines()).toEqual(['a1', 'e1', 'b1', 'e2', 'a2']);
  });

  test('puts what was there before into the order of the files, whichever answer comes first', async () => {
    const texts = { 'mytask/stdout.txt': 'a1\n', 'mytask/stderr.txt': 'e1\n', 'other/stdout.txt': 'b1\n' };
    let release = () => {};
    const late = new Promise<void>((resolve) => {
      release = resolve;
    });
    const { source, lines } = tailOfMany(texts, async (file) => {
      if (nameOf(file) === 'mytask/stdout.txt') await late;
      else release();
    });
    await source.tick(NEVER);
    expect(lines()).toEqual(['a1', 'e1', 'b1']);
  });

  test('goes on without one that cannot be read any more', async () => {
    const texts = { 'mytask/stdout.txt': 'a1\n', 'mytask/stderr.txt': '', 'other/stdout.txt': 'b1\n' };
    const gone = new Set<string>();
    const { source, lines, tail } = tailOfMany(texts, async (file) => {
      if (gone.has(nameOf(file))) throw notFound('JobBeingDeleted', 'It is gone.');
    });
    await source.tick(NEVER);
    gone.add('other/stdout.txt');
    texts['mytask/stdout.txt'] += 'a2\n';
    await source.tick(NEVER);
    expect(lines()).toEqual(['a1', 'b1', 'a2']);
    expect(tail()).toMatchObject({ status: 'following', error: undefined });
    expect(tail().files[2]).toMatchObject({ status: 'failed' });
    for (const file of FILES) gone.add(nameOf(file));
    await expect(source.tick(NEVER)).rejects.toThrow('It is gone.');
  });

  test('waits as a whole when the service is busy, even if it says so of one file only', async () => {
    const texts = { 'mytask/stdout.txt': 'a1\n', 'mytask/stderr.txt': '', 'other/stdout.txt': 'b1\n' };
    const error = new ServiceError({ status: 429, code: 'TooManyRequests', message: 'too many' });
    const { source } = tailOfMany(texts, async (file) => {
      if (nameOf(file) === 'other/stdout.txt') throw error;
    });
    await expect(source.tick(NEVER)).rejects.toBe(error);
  });

  test('looks less often at those that have ended, while others go on', async () => {
    const texts = { 'mytask/stdout.txt': 'a1\n', 'mytask/stderr.txt': '', 'other/stdout.txt': 'b1\n' };
    const { source, port, timing, lines } = tailOfMany(texts);
    port.play({ get: async (_resource, _scope, id) => (id === 'other' ? task('other') : running()) });
    await source.tick(NEVER);
    const asked = () =>
      port.asked('statFile').filter(([file]) => nameOf(file as FileRef) === 'other/stdout.txt');
    expect(asked()).toHaveLength(1);
    for (let second = 0; second < 3; second += 1) {
      await timing.pass(1000, async () => undefined);
      await source.tick(NEVER);
    }
    expect(asked()).toHaveLength(1);
    texts['other/stdout.txt'] += 'b2\n';
    await timing.pass(2000, async () => undefined);
    await source.tick(NEVER);
    expect(lines().at(-1)).toBe('b2');
  });

  test('holds no more of all together than it may, and reaches back no further', async () => {
    const texts = { 'mytask/stdout.txt': numbered(90_000), 'mytask/stderr.txt': '', 'other/stdout.txt': '' };
    const { source, tail } = tailOfMany(texts);
    await source.tick(NEVER);
    await source.more(NEVER, 16_000_000);
    expect(tail().text.bytes).toBeGreaterThan(300_000);
    texts['other/stdout.txt'] = numbered(60_000);
    await source.tick(NEVER);
    expect(tail().text.bytes).toBeLessThanOrEqual(1024 * 1024);
    expect(tail().text.line(tail().text.count - 1)).toBe('line 60000');
  });
});

describe('a tail that is far behind', () => {
  test('reads on without losing a line', async () => {
    const { source, tail, world, store } = tailOf();
    store.setState(({ session }) => ({ session: { ...session, tailMegabytes: 1 } }));
    world.text = numbered(10);
    await source.tick(NEVER);
    world.text = numbered(500_000);
    await source.tick(NEVER);
    const { dropped, lines, startByte } = tail();
    expect(dropped + lines.length).toBe(500_000);
    expect(lines[0]).toBe(`line ${dropped + 1}`);
    expect(world.text.slice(startByte)).toBe(`${lines.join('\n')}\n`);
  });

  test('begins at the end again when that would be more than it is worth', async () => {
    const { source, tail, world, store, reads } = tailOf();
    store.setState(({ session }) => ({ session: { ...session, tailMegabytes: 1 } }));
    world.text = numbered(10);
    await source.tick(NEVER);
    world.text = numbered(1_500_000);
    await source.tick(NEVER);
    expect(reads).toHaveLength(2);
    expect(tail().lines.at(-1)).toBe('line 1500000');
  });
});
