import { describe, expect, it, onTestFinished } from 'vitest';
import { wait } from '../../../../src/commands/shell/wait.ts';
import { AzbError, ServiceError, UnreachableError } from '../../../../src/lib/errors.ts';
import type { Notice } from '../../../../src/store/notice.ts';
import { job, task } from '../../../support/samples.ts';
import { NO_COUNTS, scriptedPort } from '../../../support/scripted-port.ts';
import { argumentsOf, contextOver } from './support.ts';

/** A job whose counts change from look to look. */
async function run(looks: readonly object[], ...argv: string[]) {
  let at = -1;
  const port = scriptedPort({
    get: async (resource) =>
      resource === 'jobs'
        ? job('myjob', { executionInfo: {} })
        : task('t1', { state: 'running', executionInfo: {} }),
    taskCounts: async () => {
      at = Math.min(at + 1, looks.length - 1);
      const tasks = { ...NO_COUNTS, ...looks[at] };
      return { tasks, slots: tasks };
    },
  });
  const { context, stdout, stderr } = contextOver(port);
  const code = await wait(argumentsOf('wait', ...argv, '--interval', '0.001'), context);
  return { code, out: stdout.text(), err: stderr.text() };
}

describe('azb wait', () => {
  it('waits until a job is done, and tells of each change once', async () => {
    const { code, out, err } = await run(
      [{ active: 2 }, { active: 2 }, { active: 1, completed: 1 }, { completed: 2 }],
      'job',
      'myjob',
    );
    expect(code).toBe(0);
    expect(out).toBe('job myjob: all 2 tasks completed\n');
    expect(err).toBe('azb: job myjob: 0 of 2 tasks completed\nazb: job myjob: 1 of 2 tasks completed\n');
  });

  it('tells the webhook when it is over, whose failure changes nothing but a line of stderr', async () => {
    const told: Notice[] = [];
    const port = scriptedPort({
      get: async () => task('t1', { state: 'completed', executionInfo: { exitCode: 3, result: 'failure' } }),
    });
    const { context, stdout, stderr } = contextOver(port, {
      post: async (notice) => {
        told.push(notice);
        throw new AzbError('the webhook was not told: h answered 500', { next: 'see notify' });
      },
    });
    expect(await wait(argumentsOf('wait', 'task', 'myjob/t1'), context)).toBe(1);
    expect(told).toMatchObject([{ what: 'task', id: 'myjob/t1', result: 'failure', account: 'contoso' }]);
    expect(stdout.text()).toBe('task myjob/t1: completed, exit code 3\n');
    expect(stderr.text()).toBe('azb: the webhook was not told: h answered 500\n  try: see notify\n');
  });

  it('exits with 1 when tasks failed', async () => {
    expect(await run([{ completed: 2, failed: 1 }], 'job', 'myjob')).toMatchObject({ code: 1 });
  });

  it('gives up when the time is over', async () => {
    await expect(run([{ active: 1 }], 'job', 'myjob', '--timeout', '0.05')).rejects.toThrow(
      'it is not over yet: job myjob: 0 of 1 task completed',
    );
    await expect(run([], 'task', 'myjob/t1', '--timeout', '0.01')).rejects.toThrow('task myjob/t1: running');
  });

  it('waits where it is told to look more seldom than a timer of Node can be set for', async () => {
    const warnings: string[] = [];
    const hear = ({ name }: Error) => void warnings.push(name);
    process.on('warning', hear);
    onTestFinished(() => void process.off('warning', hear));
    const stop = new AbortController();
    const port = scriptedPort({
      get: async () => {
        setImmediate(() => setImmediate(() => stop.abort()));
        return task('t1', { state: 'running', executionInfo: {} });
      },
    });
    const { context } = contextOver(port);
    const args = argumentsOf('wait', 'task', 'myjob/t1', '--interval', String(30 * 24 * 3600));
    await expect(wait(args, { ...context, signal: stop.signal })).rejects.toMatchObject({
      name: 'AbortError',
    });
    expect(warnings).toEqual([]);
    expect(port.calls).toHaveLength(1);
  });

  it('goes on when the service fails for a while: a failed task is told by the same exit code', async () => {
    const error = new ServiceError({ status: 500, code: 'InternalError', message: 'the service failed' });
    const { context, stderr } = contextOver(scriptedPort({ get: () => Promise.reject(error) }));
    const args = argumentsOf('wait', 'task', 'myjob/t1', '--timeout', '0.05');
    await expect(wait(args, context)).rejects.toThrow('the service has not told how far it is');
    expect(stderr.text()).toContain('the service failed (InternalError); still waiting');
  });

  it('goes on when the connection is lost, and ends at once when it is refused', async () => {
    const lost = new UnreachableError('contoso cannot be reached');
    const { context, stderr } = contextOver(scriptedPort({ get: () => Promise.reject(lost) }));
    const args = argumentsOf('wait', 'task', 'myjob/t1', '--timeout', '0.05');
    await expect(wait(args, context)).rejects.toThrow('the service has not told how far it is');
    expect(stderr.text()).toContain('contoso cannot be reached; still waiting');
    const refused = new ServiceError({ status: 403, code: 'AuthenticationFailed', message: 'no' });
    const port = scriptedPort({ get: () => Promise.reject(refused) });
    await expect(wait(argumentsOf('wait', 'task', 'myjob/t1'), contextOver(port).context)).rejects.toBe(
      refused,
    );
  });

  it.each([
    [['node', 'n1'], 'azb cannot wait for node'],
    [['task', 't1'], 't1 does not name a task'],
    [['job', 'myjob', '--for', 'idle'], 'a job is not waited for until it is idle'],
    [['job', 'myjob', '--timeout', '0'], '--timeout takes seconds'],
  ])('says what is wrong with %s', async (argv, message) => {
    await expect(run([{ active: 1 }], ...argv)).rejects.toMatchObject({
      exitCode: 2,
      message: expect.stringContaining(message),
    });
  });
});
