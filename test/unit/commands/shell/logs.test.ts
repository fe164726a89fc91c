import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { BatchPort } from '../../../../src/api/port.ts';
import { tailStart } from '../../../../src/commands/shell/file-ranges.ts';
import { followFile } from '../../../../src/commands/shell/follow.ts';
import { logs } from '../../../../src/commands/shell/logs.ts';
import { ServiceError, UnreachableError } from '../../../../src/lib/errors.ts';
import { argumentsOf, contextOver, memoryOutput } from './support.ts';

/** What the service knows at one look. */
interface Moment {
  readonly state: string;
  readonly content?: string;
  readonly retries?: number;
  readonly fails?: Error;
}

const missing = new ServiceError({ status: 404, code: 'FileNotFound', message: 'no such file' });

/** A port to one task and its file; each time the task is asked for, the next moment begins. */
function scripted(moments: readonly Moment[]): BatchPort {
  let at = -1;
  const now = () => moments[Math.min(Math.max(at, 0), moments.length - 1)] as Moment;
  return {
    get: async () => {
      at += 1;
      const { fails, state, retries = 0 } = now();
      if (fails !== undefined) throw fails;
      return { state, executionInfo: { retryCount: retries, requeueCount: 0 } };
    },
    statFile: async () => {
      const { content } = now();
      if (content === undefined) throw missing;
      return {
        size: Buffer.byteLength(content),
        isDirectory: false,
        lastModified: undefined,
        contentType: undefined,
      };
    },
    readFile: async (_file: unknown, { start, end }: { start: number; end: number }) =>
      Buffer.from(now().content ?? '').subarray(start, end),
  } as unknown as BatchPort;
}

const FILE = { kind: 'task', job: 'j', task: 't', path: 'stdout.txt' } as const;

async function follow(moments: readonly Moment[], tail?: number) {
  const out = memoryOutput();
  const notes = memoryOutput();
  const signal = new AbortController().signal;
  await followFile(scripted(moments), FILE, {
    tail,
    output: out.output,
    notes: notes.output,
    signal,
    interval: 1,
  });
  return { out: out.text(), notes: notes.text() };
}

describe('following', () => {
  it('waits for the file, prints what is added, and ends with the task', async () => {
    const { out, notes } = await follow([
      { state: 'active' },
      { state: 'active' },
      { state: 'running', content: 'one\n' },
      { state: 'running', content: 'one\ntw' },
      { state: 'completed', content: 'one\ntwo\n' },
    ]);
    expect(out).toBe('one\ntwo\n');
    expect(notes).toBe('azb: stdout.txt does not exist yet; waiting for it\n');
  });

  it('begins again when the task does', async () => {
    const { out, notes } = await follow([
      { state: 'running', content: 'first run\n' },
      { state: 'running', content: 'second run is longer\n', retries: 1 },
      { state: 'completed', content: 'second run is longer\n', retries: 1 },
    ]);
    expect(out).toBe('first run\nsecond run is longer\n');
    expect(notes).toBe('azb: the task was started again\n');
  });

  it('outlasts a lost connection', async () => {
    const { out, notes } = await follow([
      { state: 'running', content: 'a\n' },
      { state: 'running', fails: new UnreachableError('the line is down') },
      { state: 'running', fails: new UnreachableError('the line is down') },
      { state: 'completed', content: 'a\nb\n' },
    ]);
    expect(out).toBe('a\nb\n');
    expect(notes).toBe('azb: the line is down; still trying\n');
  });

  it('can begin near the end', async () => {
    const { out } = await follow(
      [
        { state: 'running', content: '1\n2\n3\n' },
        { state: 'completed', content: '1\n2\n3\n4\n' },
      ],
      1,
    );
    expect(out).toBe('3\n4\n');
  });

  it('fails when the task is gone, or ended without the file', async () => {
    await expect(follow([{ state: 'completed' }])).rejects.toThrow(/ended and left no stdout.txt/);
    const gone = new ServiceError({ status: 404, code: 'TaskNotFound', message: 'no such task' });
    await expect(follow([{ state: 'active', fails: gone }])).rejects.toBe(gone);
  });
});

describe('the last lines', () => {
  const signal = new AbortController().signal;

  async function tailOf(content: Buffer, lines: number): Promise<string> {
    const port = {
      readFile: async (_file: unknown, { start, end }: { start: number; end: number }) =>
        content.subarray(start, end),
    } as unknown as BatchPort;
    const start = await tailStart(port, FILE, content.byteLength, lines, signal);
    return content.subarray(start).toString('utf8');
  }

  function expected(text: string, lines: number): string {
    const parts = text.split(/(?<=\n)/).filter((part) => part !== '');
    return lines === 0 ? '' : parts.slice(-lines).join('');
  }

  it('are those that a plain split gives', async () => {
    const text = fc.array(fc.constantFrom('\n', 'a', 'bc', 'ü')).map((parts) => parts.join(''));
    await fc.assert(
      fc.asyncProperty(text, fc.nat(6), async (content, lines) => {
        expect(await tailOf(Buffer.from(content), lines)).toBe(expected(content, lines));
      }),
    );
  });

  it('are found across blocks', async () => {
    const long = 'x'.repeat(100_000);
    expect(await tailOf(Buffer.from(`first\n${long}\n${long}\nlast\n`), 3)).toBe(`${long}\n${long}\nlast\n`);
  });
});

describe('azb logs', () => {
  it('prints the bytes as they are', async () => {
    const bytes = Buffer.from([0xff, 0x00, 0x1b, 0x0a]);
    const port = {
      statFile: async () => ({ size: 4, isDirectory: false }),
      readFile: async (_file: unknown, { start, end }: { start: number; end: number }) =>
        bytes.subarray(start, end),
    } as unknown as BatchPort;
    const { context, stdout } = contextOver(port);
    expect(await logs(argumentsOf('logs', 'j/t', 'data.bin'), context)).toBe(0);
    expect(stdout.bytes().equals(bytes)).toBe(true);
  });

  it('points to -f while the file can still come', async () => {
    const { context } = contextOver(scripted([{ state: 'active' }]));
    await expect(logs(argumentsOf('logs', 'j/t'), context)).rejects.toMatchObject({
      message: /the task is active/,
      next: /azb logs j\/t stdout\.txt -f/,
    });
  });

  it('says why a task that failed before it began has no such file', async () => {
    const failed = {
      state: 'completed',
      executionInfo: { failureInfo: { code: 'ResourceContainerNotFound', message: 'No such container' } },
    };
    const port = { ...scripted([{ state: 'completed' }]), get: async () => failed } as unknown as BatchPort;
    await expect(logs(argumentsOf('logs', 'j/t'), contextOver(port).context)).rejects.toMatchObject({
      message: 'stdout.txt does not exist: the task failed, ResourceContainerNotFound No such container',
      next: /azb get task t -j j -o yaml/,
    });
  });

  it.each(['t', 'j/', '/t', 'j/t/x'])('does not take %s for a task', async (target) => {
    const { context } = contextOver(scripted([]));
    await expect(logs(argumentsOf('logs', target), context)).rejects.toMatchObject({ exitCode: 2 });
  });
});
