import { describe, expect, it } from 'vitest';
import { grep } from '../../../../src/commands/shell/grep.ts';
import { task } from '../../../support/samples.ts';
import { notFound, page, scriptedPort } from '../../../support/scripted-port.ts';
import { argumentsOf, contextOver } from './support.ts';

/** A job of three failed tasks on two pages, the last of which left no file. */
async function run(...argv: string[]) {
  const files: Record<string, string> = { t1: 'Error: disk 1 full\n', t2: 'fine\nError: disk 2 full\n' };
  const textOf = (file: object) => {
    const text = files[(file as { task: string }).task];
    if (text === undefined) throw notFound('FileNotFound');
    return Buffer.from(text);
  };
  const port = scriptedPort({
    listPage: async (_resource, _scope, { next }) =>
      next === undefined ? page([task('t1'), task('t2')], 'more') : page([task('t3')]),
    statFile: async (file) => ({
      size: textOf(file).length,
      lastModified: undefined,
      isDirectory: false,
      contentType: undefined,
    }),
    readFile: async (file, { start, end }) => textOf(file).subarray(start, end),
  });
  const { context, stdout, stderr } = contextOver(port);
  const code = await grep(argumentsOf('grep', ...argv), context);
  return { code, port, out: stdout.text(), err: stderr.text() };
}

describe('azb grep', () => {
  it('prints what is found with the task before it', async () => {
    const { code, out, err, port } = await run('error', 'myjob');
    expect(out.split('\n').sort()).toEqual(['', 't1: Error: disk 1 full', 't2: Error: disk 2 full']);
    expect(err).toBe('azb: 3 tasks searched; 1 without stderr.txt\n');
    expect(code).toBe(0);
    const [, , query] = port.asked('listPage')[0] ?? [];
    expect(query).toMatchObject({ filter: "state eq 'completed' and executionInfo/result eq 'failure'" });
  });

  it('prints each line once, with how many tasks say the same', async () => {
    const { out } = await run('--each', 'error', 'myjob');
    expect(out).toMatch(/^TASK +TASKS +EXIT +ENDED +LINE\nt\d +2 .* Error: disk \d full\n$/);
  });

  it('exits with 1 when nothing is found', async () => {
    expect(await run('licence', 'myjob')).toMatchObject({ code: 1, out: '' });
  });

  it('searches no more tasks than it may, and says so', async () => {
    const { err, port } = await run('error', 'myjob', '--limit', '2');
    expect(err).toBe('azb: 2 tasks searched, the first ones: --limit 20 searches more\n');
    expect(port.asked('listPage')).toHaveLength(1);
    await expect(run('error', 'myjob', '--limit', '0')).rejects.toMatchObject({ exitCode: 2 });
  });

  it('reads another file, as much of its end as is wanted, of all tasks', async () => {
    const { port } = await run('error', 'myjob', 'wd/run.log', '--bytes', '5', '--all');
    expect(port.asked('readFile')[0]).toMatchObject([
      { task: 't1', path: 'wd/run.log' },
      { start: 14, end: 19 },
    ]);
    const [, , query] = port.asked('listPage')[0] ?? [];
    expect(query).toMatchObject({ filter: "state eq 'completed' or state eq 'running'" });
  });

  it('says what is wrong with a pattern', async () => {
    await expect(run('(', 'myjob')).rejects.toMatchObject({ exitCode: 2 });
  });
});
