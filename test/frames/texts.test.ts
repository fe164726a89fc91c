import { describe, expect, test } from 'vitest';
import type { ByteRange, FileRef } from '../../src/api/port.ts';
import { listView, tailView, textView } from '../../src/store/views.ts';
import { expectFrame, SIZES } from '../support/frame-sizes.ts';
import { openScreen, type ScreenOptions } from '../support/frames.tsx';
import { oneFile } from '../support/one-file.ts';
import { NOT_RUN, SECOND, task } from '../support/samples.ts';
import { notFound, scriptedPort } from '../support/scripted-port.ts';

const STDOUT: FileRef = { kind: 'task', job: 'myjob', task: 'mytask4', path: 'stdout.txt' };

const lines = (count: number) =>
  Array.from({ length: count }, (_, number) => `line ${number + 1} of the output\n`).join('');

describe.each(SIZES)('texts at %ix%i', (columns, rows) => {
  const open = (options: ScreenOptions) => openScreen({ columns, rows, ...options });

  test.each([
    ['describe-pool', textView('describe', 'pools', {}, 'mypool')],
    ['describe-job', textView('describe', 'jobs', {}, 'myjob')],
    ['describe-task', textView('describe', 'tasks', { job: 'myjob' }, 'mytask3')],
    ['yaml-pool', textView('yaml', 'pools', {}, 'mypool')],
    ['describe-missing', textView('describe', 'pools', {}, 'nopool')],
  ])('%s', async (name, view) => {
    await expectFrame(await open({ view }), name);
  });

  test('a text that is searched', async () => {
    const screen = await open({ view: textView('yaml', 'tasks', { job: 'myjob' }, 'mytask3') });
    await screen.press('/', 'code', 'enter', 'n');
    await expectFrame(screen, 'yaml-found');
  });

  test.each([
    ['help-pools', listView('pools', {})],
    ['help-tasks', listView('tasks', { job: 'myjob' })],
    ['help-tail', tailView(STDOUT)],
  ])('%s', async (name, view) => {
    const screen = await open({ view });
    await screen.press('?');
    await expectFrame(screen, name);
    await screen.press('G');
    await expectFrame(screen, `${name}-end`);
  });

  test('the help has no keys for states that a list has not', async () => {
    const screen = await open({ view: listView('blobs', { container: 'input' }), rows: 120 });
    await screen.press('?');
    expect(screen.text()).toMatch(/<2> +Only folders/);
    expect(screen.text()).not.toContain('<3>');
  });

  test('a tail that follows, paused and full screen', async () => {
    const screen = await open({ port: scriptedPort(oneFile(lines(300)).script), view: tailView(STDOUT) });
    await expectFrame(screen, 'tail-following');
    await screen.press('k', 'k', 'k');
    await expectFrame(screen, 'tail-paused');
    await screen.press('f');
    await expectFrame(screen, 'tail-full');
  });

  test('a tail of long, coloured, hostile lines, wrapped', async () => {
    const text = [
      `\x1b[32mgreen\x1b[0m ${'long '.repeat(60)}end\n`,
      'title\x1b]0;owned\x07 and a bell\x07 and 日本語 wide\n',
      '\ttabbed\r\n',
    ].join('');
    const screen = await open({ port: scriptedPort(oneFile(text).script), view: tailView(STDOUT) });
    await expectFrame(screen, 'tail-unwrapped');
    await screen.press('w');
    await expectFrame(screen, 'tail-wrapped');
  });

  test('a tail whose file is not there yet', async () => {
    const port = scriptedPort({
      get: async () => task('mytask4', { state: 'active', ...NOT_RUN }),
      statFile: () => Promise.reject(notFound('FileNotFound')),
    });
    await expectFrame(await open({ port, view: tailView(STDOUT) }), 'tail-waiting');
  });

  test('a tail of a task that has ended', async () => {
    const ended = { executionInfo: { exitCode: 1, failureInfo: { code: 'FailureExitCode' }, retryCount: 0 } };
    const screen = await open({
      port: scriptedPort(oneFile(lines(5), ended).script),
      view: tailView(STDOUT),
    });
    await expectFrame(screen, 'tail-ended');
  });

  test('a tail of both streams, and of the same of some tasks', async () => {
    const texts: Record<string, string> = {
      'mytask4/stdout.txt': lines(3),
      'mytask4/stderr.txt': 'a warning\n',
      'mytask10/stdout.txt': 'another task\n',
    };
    const textOf = (file: FileRef) =>
      new TextEncoder().encode(texts[`${file.kind === 'task' ? file.task : ''}/${file.path}`] ?? '');
    const port = scriptedPort({
      ...oneFile('').script,
      statFile: async (file) => ({ ...(await oneFile('').script.statFile()), size: textOf(file).length }),
      readFile: async (file, { start, end }: ByteRange) => textOf(file).subarray(start, end),
    });
    const grow = (name: string, text: string) => {
      texts[name] += text;
    };
    const both = await open({ port, view: tailView(STDOUT, { ...STDOUT, path: 'stderr.txt' }) });
    grow('mytask4/stderr.txt', 'and one more\n');
    await both.pass(SECOND);
    grow('mytask4/stdout.txt', `${'long '.repeat(50)}\n`);
    await both.pass(SECOND);
    await both.press('w', 't');
    await expectFrame(both, 'tail-both');
    const tasks = ['mytask4', 'mytask10'].map((id) => ({ ...STDOUT, task: id }));
    const marked = await open({ port, view: tailView(...tasks) });
    grow('mytask10/stdout.txt', 'it goes on\n');
    await marked.pass(SECOND);
    await marked.press('/', 'goes', 'enter');
    await expectFrame(marked, 'tail-marked');
  });

  test('the end of a file of 3 MB', async () => {
    const screen = await open({ port: scriptedPort(oneFile(lines(100_000)).script), view: tailView(STDOUT) });
    await expectFrame(screen, 'tail-large');
    expect(screen.text()).toContain('line 100000 of the output');
  });

  test('a tail that loses its connection', async () => {
    const port = scriptedPort(oneFile(lines(5)).script);
    const screen = await open({ port, view: tailView(STDOUT) });
    port.play({ statFile: () => Promise.reject(notFound('JobBeingDeleted', 'The specified job is gone.')) });
    await screen.pass(2 * SECOND);
    await expectFrame(screen, 'tail-failed');
  });
});

test('the crumbs say where a name was cut', async () => {
  const crumbs = async (id: string) => {
    const view = textView('describe', 'nodes', { pool: 'mypool' }, id);
    return (await openScreen({ columns: 80, rows: 24, view })).text();
  };
  expect(await crumbs('frame-render-of-the-opening-scene-42')).toContain(
    'describe frame-render-of-the-opening-s…',
  );
  expect(await crumbs(`tvmps_${'0123abcd'.repeat(8)}_d`)).toContain('describe tvmps_0123abcd…');
});
