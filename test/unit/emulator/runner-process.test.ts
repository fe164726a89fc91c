import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  forgetProcess,
  NodeDirectories,
  reapOrphans,
  rememberProcess,
  startProcess,
  trashDirectory,
} from '../../../emulator/runner/index.ts';
import { listProcesses, parseStat } from '../../../emulator/runner/process-table.ts';

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'azb-runner-'));
});
afterEach(async () => {
  await rm(directory, { recursive: true, force: true });
});

const start = (commandLine: string, environment: Record<string, string> = {}, workingDirectory = directory) =>
  startProcess({
    commandLine,
    environment: { PATH: '/usr/bin:/bin', ...environment },
    workingDirectory,
    stdoutPath: join(directory, 'stdout.txt'),
    stderrPath: join(directory, 'stderr.txt'),
  });
const stdout = () => readFile(join(directory, 'stdout.txt'), 'utf8').catch(() => '');
const stderr = () => readFile(join(directory, 'stderr.txt'), 'utf8');
const groupMembers = async (group: number) =>
  (await listProcesses()).filter((entry) => entry.group === group && !entry.zombie);
const until = (text: string) =>
  vi.waitFor(async () => expect(await stdout()).toContain(text), { timeout: 90_000 });

describe('startProcess', () => {
  it('runs the program in its directory with exactly the given environment and captures both outputs', async () => {
    const running = start("/bin/bash -c 'pwd; env -u PWD -u SHLVL -u _ /usr/bin/env; echo oops >&2'", {
      GREETING: 'hi',
    });
    expect(await running.exited).toEqual({ kind: 'exited', exitCode: 0 });
    expect((await stdout()).trim().split('\n').sort()).toEqual(
      [directory, 'GREETING=hi', 'PATH=/usr/bin:/bin'].sort(),
    );
    expect(await stderr()).toBe('oops\n');
  });

  it('empties the outputs of an earlier attempt', async () => {
    await start("/bin/sh -c 'echo a long first attempt'").exited;
    await start("/bin/sh -c 'echo two'").exited;
    expect(await stdout()).toBe('two\n');
  });

  it('gives the process an empty standard input', async () => {
    expect(await start('/bin/cat').exited).toEqual({ kind: 'exited', exitCode: 0 });
  });

  it('reports exit codes and deaths by signal', async () => {
    expect(await start("/bin/sh -c 'exit 7'").exited).toEqual({ kind: 'exited', exitCode: 7 });
    expect(await start("/bin/sh -c 'kill -SEGV $$'").exited).toEqual({ kind: 'exited', exitCode: 128 + 11 });
  });

  it('tells a missing program from a failed launch', async () => {
    expect(await start('no-such-program-here').exited).toMatchObject({ code: 'CommandProgramNotFound' });
    expect(await start('/bin/echo', {}, join(directory, 'absent')).exited).toMatchObject({
      code: 'CommandLaunchFailed',
    });
    await writeFile(join(directory, 'plain'), 'no program', { mode: 0o644 });
    expect(await start('./plain').exited).toMatchObject({ code: 'CommandLaunchFailed' });
    expect(await start("echo 'open").exited).toMatchObject({ code: 'CommandLaunchFailed' });
    expect(await start('echo \0').exited).toMatchObject({ code: 'CommandLaunchFailed' });
  });

  it('kills the whole group, even one that ignores SIGTERM', async () => {
    const running = start(
      '/bin/bash -c \'trap "" TERM; (trap "" TERM; echo inner; while :; do sleep 1; done) & wait\'',
    );
    await until('inner');
    const pid = running.pid ?? 0;
    expect((await groupMembers(pid)).length).toBeGreaterThan(1);
    await running.kill(50);
    expect(await groupMembers(pid)).toEqual([]);
    expect(await running.exited).toEqual({ kind: 'exited', exitCode: 128 + 9 });
    await running.kill();
  });

  it('lets a process end in its own way on SIGTERM', async () => {
    const running = start(
      '/bin/bash -c \'trap "echo bye; exit 3" TERM; echo ready; while :; do sleep 0.05; done\'',
    );
    await until('ready');
    await running.kill(20_000);
    expect(await running.exited).toEqual({ kind: 'exited', exitCode: 3 });
    expect(await stdout()).toBe('ready\nbye\n');
  });

  it('leaves nothing of the group behind when the program ends by itself', async () => {
    const running = start("/bin/bash -c 'sleep 1000 & echo started'");
    expect(await running.exited).toEqual({ kind: 'exited', exitCode: 0 });
    expect(await groupMembers(running.pid ?? 0)).toEqual([]);
  });
});

describe('reapOrphans', () => {
  const pids = () => join(directory, 'pids');

  /** A process that, like an orphan, is in a group of its own and not watched by `startProcess`. */
  async function orphan(environment: Record<string, string> = {}) {
    const child = spawn('/bin/sleep', ['1000'], { detached: true, stdio: 'ignore', env: environment });
    await once(child, 'spawn');
    return { child, pid: child.pid ?? 0, ended: once(child, 'exit') };
  }

  it('kills the remembered group and forgets it', async () => {
    await reapOrphans(pids());
    const { pid, ended } = await orphan();
    rememberProcess(pids(), pid);
    expect(await reapOrphans(pids())).toBe(1);
    await ended;
    expect(await readdir(pids())).toEqual([]);
  });

  it('leaves alone a forgotten process and one that merely has the same pid', async () => {
    await reapOrphans(pids());
    const { child, pid, ended } = await orphan();
    rememberProcess(pids(), pid);
    forgetProcess(pids(), pid);
    expect(await reapOrphans(pids())).toBe(0);
    rememberProcess(pids(), pid);
    const file = join(pids(), `${pid}.json`);
    const record = JSON.parse(await readFile(file, 'utf8'));
    await writeFile(file, JSON.stringify({ ...record, startTicks: '1' }));
    await writeFile(join(pids(), 'torn.json'), '{"pid":');
    expect(await reapOrphans(pids())).toBe(0);
    expect(child.exitCode ?? child.signalCode).toBeNull();
    expect(await readdir(pids())).toEqual([]);
    child.kill('SIGKILL');
    await ended;
  });

  it('kills what runs on a node of ours though nobody wrote it down', async () => {
    const nodes = join(directory, 'nodes');
    const ours = await orphan({ AZ_BATCH_NODE_ROOT_DIR: join(nodes, 'n1') });
    const other = await orphan({ AZ_BATCH_NODE_ROOT_DIR: `${nodes}-of-another/n1` });
    expect(await reapOrphans(pids(), nodes)).toBe(1);
    await ours.ended;
    expect(other.child.signalCode).toBeNull();
    other.child.kill('SIGKILL');
    await other.ended;
  });
});

describe('parseStat', () => {
  it('reads past a program name with spaces and parentheses', () => {
    const after = 'S 1 42 40 0 -1 0 0 0 0 0 0 0 0 0 20 0 1 0 777 0 0';
    expect(parseStat(`41 (a) b (c)) ${after}`)).toEqual({
      pid: 41,
      group: 42,
      session: 40,
      zombie: false,
      startTicks: '777',
    });
    expect(parseStat('nonsense')).toBeUndefined();
  });
});

describe('NodeDirectories', () => {
  it('lays a node out as the service does', async () => {
    const node = new NodeDirectories(join(directory, 'n'));
    await node.create();
    expect((await readdir(node.root)).sort()).toEqual([
      'applications',
      'fsmounts',
      'shared',
      'startup',
      'volatile',
      'workitems',
    ]);
    expect(node.task('j', 't').relative).toBe('workitems/j/job-1/t');
    expect(node.task('s:job-3', 't').relative).toBe('workitems/s/job-3/t');
    expect(node.startTask.working).toBe(join(node.root, 'startup/wd'));
  });

  it('creates and removes the directories of tasks and jobs', async () => {
    const node = new NodeDirectories(join(directory, 'n'));
    await node.createTask(node.task('j', 'a'));
    await node.createTask(node.task('j', 'b'));
    await node.removeTask('j', 'a');
    expect(await readdir(node.job('j'))).toEqual(['b']);
    await node.removeJob('j');
    expect(await readdir(join(node.root, 'workitems/j'))).toEqual([]);
  });

  it('takes a directory out of the way at once, whatever it takes to remove it', async () => {
    const node = new NodeDirectories(join(directory, 'n'));
    const task = node.task('j', 'a');
    await node.createTask(task);
    for (let number = 0; number < 200; number += 1) await writeFile(join(task.working, `${number}`), '');
    const removed = node.removeTask('j', 'a');
    await node.createTask(task);
    await writeFile(join(task.working, 'new'), '');
    await removed;
    expect(await readdir(task.working)).toEqual(['new']);
    expect(await readdir(trashDirectory(directory))).toEqual([]);
    await node.removeTask('j', 'never there');
  });

  it('never makes a path of an id that would leave its directory', () => {
    const node = new NodeDirectories(directory);
    for (const id of ['..', '.', '', 'a/b', 'a\\b', 'a\0']) {
      expect(() => node.task('j', id)).toThrow(RangeError);
      expect(() => node.job(id)).toThrow(RangeError);
    }
  });
});
