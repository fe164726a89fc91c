import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Emulator } from '../../emulator/server.ts';
import { raw } from './raw.ts';
import {
  addReadyPool,
  type BatchClient,
  clientFor,
  completedTask,
  isAlive,
  refusal,
  startFast,
  until,
} from './support.ts';

const UNLIMITED = 'P10675199DT2H48M5.4775807S';

describe('tasks', () => {
  let emulator: Emulator;
  let client: BatchClient;
  let directory: string;

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'azb-tasks-'));
    emulator = await startFast();
    client = clientFor(emulator);
    await addReadyPool(client, 'p', 2, { taskSlotsPerNode: 2 });
    await client.job.add({ id: 'j', poolInfo: { poolId: 'p' } });
  });
  afterAll(async () => {
    await emulator.close();
    await rm(directory, { recursive: true, force: true });
  });

  it('shows a fresh task in the form of the service', async () => {
    await client.job.add({
      id: 'nowhere',
      poolInfo: { poolId: 'absent' },
      constraints: { maxTaskRetryCount: 4 },
    });
    await client.task.add('nowhere', { id: 'Fresh', commandLine: 'true' });
    const { json } = await raw(emulator, 'GET', '/jobs/nowhere/tasks/fresh');
    const url = `${emulator.endpoint}/jobs/nowhere/tasks/Fresh`;
    expect(json).toEqual({
      'odata.metadata': `${emulator.endpoint}/$metadata#tasks/@Element`,
      id: 'Fresh',
      url,
      eTag: json.eTag,
      creationTime: json.lastModified,
      lastModified: json.lastModified,
      state: 'active',
      stateTransitionTime: json.lastModified,
      commandLine: 'true',
      userIdentity: { autoUser: { scope: 'pool', elevationLevel: 'nonadmin' } },
      constraints: { maxWallClockTime: UNLIMITED, retentionTime: 'P7D', maxTaskRetryCount: 4 },
      requiredSlots: 1,
      executionInfo: { retryCount: 0, requeueCount: 0 },
    });
  });

  it('records a failure as the service does', async () => {
    await client.task.add('j', {
      id: 'fails',
      commandLine: "/bin/sh -c 'exit 2'",
      constraints: { maxTaskRetryCount: 2 },
    });
    await completedTask(client, 'j', 'fails');
    const { json } = await raw(emulator, 'GET', '/jobs/j/tasks/fails');
    expect(json.executionInfo).toMatchObject({
      exitCode: 2,
      failureInfo: {
        category: 'UserError',
        code: 'FailureExitCode',
        message: 'The task exited with an exit code representing a failure',
        details: [
          { name: 'Message', value: 'The task process exited with an unexpected exit code' },
          { name: 'AdditionalErrorCode', value: 'FailureExitCode' },
        ],
      },
      result: 'failure',
      retryCount: 2,
      requeueCount: 0,
    });
  });

  it('cannot start a program that is not there, and has no exit code then', async () => {
    await client.task.add('j', { id: 'absent', commandLine: 'no-such-program-anywhere' });
    const task = await completedTask(client, 'j', 'absent');
    expect(task.executionInfo).toMatchObject({
      result: 'failure',
      failureInfo: { code: 'CommandProgramNotFound' },
    });
    expect(task.executionInfo?.exitCode).toBeUndefined();
  });

  it('cannot start where something else stands in the place of its directory', async () => {
    await client.job.add({ id: 'barred', poolInfo: { poolId: 'p' } });
    for (const node of await client.computeNode.list('p')) {
      const affinityInfo = { affinityId: node.affinityId ?? '' };
      const id = `bar-${node.ipAddress?.replaceAll('.', '-')}`;
      await client.task.add('barred', { id, affinityInfo, commandLine: 'touch ../../t' });
      await completedTask(client, 'barred', id);
    }
    await client.task.add('barred', { id: 't', commandLine: 'true' });
    const { executionInfo } = await completedTask(client, 'barred', 't');
    expect(executionInfo).toMatchObject({
      result: 'failure',
      failureInfo: { category: 'ServerError', code: 'ResourceDirectoryCreateFailed' },
    });
    expect(executionInfo).not.toHaveProperty('exitCode');
  });

  it('adds no shell of its own', async () => {
    await client.task.add('j', { id: 'literal', commandLine: 'echo $HOME && echo *' });
    await completedTask(client, 'j', 'literal');
    const { text } = await raw(emulator, 'GET', '/jobs/j/tasks/literal/files/stdout.txt');
    expect(text).toBe('$HOME && echo *\n');
  });

  it('gives tasks their settings and none of its own environment', async () => {
    await client.job.add({
      id: 'settings',
      poolInfo: { poolId: 'p' },
      commonEnvironmentSettings: [
        { name: 'COMMON', value: 'job' },
        { name: 'BOTH', value: 'job' },
      ],
    });
    await client.task.add('settings', {
      id: 'env',
      commandLine: '/usr/bin/env',
      environmentSettings: [{ name: 'BOTH', value: 'task' }],
    });
    await completedTask(client, 'settings', 'env');
    const { text } = await raw(emulator, 'GET', '/jobs/settings/tasks/env/files/stdout.txt');
    expect(text).toContain('COMMON=job\n');
    expect(text).toContain('BOTH=task\n');
    expect(text).toContain('AZ_BATCH_POOL_ID=p\n');
    expect(text).toContain(`AZ_BATCH_ACCOUNT_URL=${emulator.endpoint}/\n`);
    expect(text).not.toContain('VITEST');
    expect(text).not.toContain(emulator.key);
  });

  it('shows output while the task still runs, and ends its whole process group', async () => {
    await client.task.add('j', {
      id: 'long',
      commandLine: "/bin/bash -c 'sleep 600 & echo $! $$; wait'",
    });
    const pids = await until(
      async () => {
        const answer = await raw(emulator, 'GET', '/jobs/j/tasks/long/files/stdout.txt');
        return answer.status === 200 ? answer.text.trim().split(' ') : [];
      },
      (list) => list.length === 2,
    );
    for (const pid of pids) expect(isAlive(pid)).toBe(true);
    const ended = await client.task.terminate('j', 'long');
    expect(ended._response.status).toBe(204);
    const task = await client.task.get('j', 'long');
    expect(task.executionInfo).toMatchObject({
      result: 'failure',
      failureInfo: { code: 'TaskEnded', message: 'Task Was Ended by User Request' },
    });
    await until(
      async () => pids.filter((pid) => isAlive(pid)),
      (alive) => alive.length === 0,
    );
    expect(await refusal(client.task.terminate('j', 'long'))).toMatchObject({
      statusCode: 409,
      code: 'TaskCompleted',
    });
  });

  it('ends a task whose time is up', async () => {
    await client.task.add('j', {
      id: 'slow',
      commandLine: 'sleep 600',
      constraints: { maxWallClockTime: 'PT0.2S' },
    });
    const task = await completedTask(client, 'j', 'slow');
    expect(task.executionInfo).toMatchObject({ exitCode: -1073741510, failureInfo: { code: 'TaskEnded' } });
  });

  it('ends a task that never ran', async () => {
    await client.task.add('nowhere', { id: 'waiting', commandLine: 'true' });
    await client.task.terminate('nowhere', 'waiting');
    const { json } = await raw(emulator, 'GET', '/jobs/nowhere/tasks/waiting');
    expect(json).toMatchObject({ state: 'completed', nodeInfo: {}, executionInfo: { result: 'failure' } });
    expect(json.executionInfo).not.toHaveProperty('startTime');
  });

  it('runs a failed task again when reactivated, and no other', async () => {
    const mark = join(directory, 'mark');
    await client.task.add('j', {
      id: 'again',
      commandLine: `/bin/sh -c 'test -e ${mark} || { touch ${mark}; exit 1; }'`,
    });
    expect((await completedTask(client, 'j', 'again')).executionInfo?.result).toBe('failure');
    await client.task.reactivate('j', 'again');
    const task = await until(
      () => client.task.get('j', 'again'),
      (each) => each.state === 'completed' && each.executionInfo?.result === 'success',
    );
    expect(task.executionInfo?.retryCount).toBe(0);
    expect(await refusal(client.task.reactivate('j', 'again'))).toMatchObject({ code: 'TaskSucceeded' });
    await client.task.add('nowhere', { id: 'active', commandLine: 'true' });
    expect(await refusal(client.task.reactivate('nowhere', 'active'))).toMatchObject({
      code: 'TaskNotCompleted',
    });
  });

  it('has an exit code when it is completed, and none while it is tried again', async () => {
    const commandLine = "/bin/sh -c 'mkdir ../tried && exit 3; sleep 600'";
    await client.task.add('j', { id: 'retried', commandLine, constraints: { maxTaskRetryCount: 1 } });
    const task = await until(
      () => client.task.get('j', 'retried'),
      ({ executionInfo }) => executionInfo?.retryCount === 1,
    );
    expect(task.state).toBe('running');
    expect(task.executionInfo).not.toHaveProperty('exitCode');
    expect(task.executionInfo?.lastRetryTime).toEqual(task.executionInfo?.startTime);
    // Another node may have to take it; when it was tried again remains to be seen.
    await client.computeNode.reboot('p', task.nodeInfo?.nodeId ?? '');
    const { executionInfo } = await client.task.get('j', 'retried');
    expect(executionInfo).toMatchObject({
      retryCount: 1,
      lastRetryTime: task.executionInfo?.lastRetryTime,
      requeueCount: 1,
    });
    await client.task.deleteMethod('j', 'retried');
  });

  it('changes constraints by PUT and removes a task by DELETE with 200', async () => {
    await client.task.add('nowhere', { id: 'put', commandLine: 'true' });
    const before = await client.task.get('nowhere', 'put');
    await client.task.update('nowhere', 'put', {
      constraints: { maxTaskRetryCount: 9, retentionTime: 'P1Y' },
    });
    const after = await client.task.get('nowhere', 'put');
    expect(after.constraints).toEqual({
      maxWallClockTime: UNLIMITED,
      retentionTime: 'P365D',
      maxTaskRetryCount: 9,
    });
    expect(after.eTag).not.toBe(before.eTag);
    expect((await client.task.deleteMethod('nowhere', 'put'))._response.status).toBe(200);
    expect(await refusal(client.task.get('nowhere', 'put'))).toMatchObject({
      statusCode: 404,
      code: 'TaskNotFound',
    });
  });

  it('adds a collection with a result for each', async () => {
    await client.task.add('nowhere', { id: 'there', commandLine: 'true' });
    const { value } = await client.task.addCollection('nowhere', [
      { id: 'c1', commandLine: 'true' },
      { id: 'there', commandLine: 'true' },
      { id: 'c2', commandLine: 'true', dependsOn: { taskIds: ['c1'] } },
    ]);
    const results = new Map((value ?? []).map((result) => [result.taskId, result]));
    expect(results.get('c1')).toMatchObject({
      status: 'Success',
      location: `${emulator.endpoint}/jobs/nowhere/tasks/c1`,
    });
    expect(results.get('there')).toMatchObject({ status: 'ClientError', error: { code: 'TaskExists' } });
    expect(results.get('c2')).toMatchObject({ error: { code: 'TaskDependenciesNotSpecifiedOnJob' } });
    const tooMany = Array.from({ length: 101 }, (_, index) => ({ id: `m${index}`, commandLine: 'true' }));
    const body = JSON.stringify({ value: tooMany });
    const refused = await raw(emulator, 'POST', '/jobs/nowhere/addtaskcollection', { body });
    expect([refused.status, refused.json.code]).toEqual([400, 'InvalidPropertyValue']);
  });

  it('starts a task when those that it depends on are done', async () => {
    await client.job.add({ id: 'deps', poolInfo: { poolId: 'p' }, usesTaskDependencies: true });
    const gate = join(directory, 'gate');
    const log = join(directory, 'log');
    await client.task.addCollection('deps', [
      {
        id: 'last',
        commandLine: `/bin/sh -c 'echo last >> ${log}'`,
        dependsOn: { taskIdRanges: [{ start: 1, end: 2 }], taskIds: ['FIRST'] },
      },
      {
        id: 'first',
        commandLine: `/bin/sh -c 'until test -e ${gate}; do sleep 0.02; done; echo first >> ${log}'`,
      },
      { id: '1', commandLine: `/bin/sh -c 'echo one >> ${log}'` },
      { id: '2', commandLine: `/bin/sh -c 'echo two >> ${log}'`, dependsOn: { taskIds: ['1'] } },
    ]);
    await completedTask(client, 'deps', '2');
    expect((await client.task.get('deps', 'last')).state).toBe('active');
    expect(await readFile(log, 'utf8')).toBe('one\ntwo\n');
    await client.task.add('deps', { id: 'open', commandLine: `touch ${gate}` });
    await completedTask(client, 'deps', 'last');
    expect(await readFile(log, 'utf8')).toBe('one\ntwo\nfirst\nlast\n');
  });

  it('counts a range of dependencies that is given twice once', async () => {
    await client.job.add({ id: 'twice', poolInfo: { poolId: 'p' }, usesTaskDependencies: true });
    const range = { start: 1, end: 2 };
    await client.task.addCollection('twice', [
      { id: 'last', commandLine: 'true', dependsOn: { taskIdRanges: [range, range, { start: 2, end: 2 }] } },
      { id: '1', commandLine: 'true' },
      { id: '2', commandLine: 'true' },
    ]);
    expect((await completedTask(client, 'twice', 'last')).executionInfo?.result).toBe('success');
  });

  it('holds back what depends on a failure unless its exit condition says otherwise', async () => {
    await client.job.add({ id: 'block', poolInfo: { poolId: 'p' }, usesTaskDependencies: true });
    await client.task.addCollection('block', [
      { id: 'bad', commandLine: "/bin/sh -c 'exit 1'" },
      {
        id: 'forgiven',
        commandLine: "/bin/sh -c 'exit 7'",
        exitConditions: { exitCodes: [{ code: 7, exitOptions: { dependencyAction: 'satisfy' } }] },
      },
      { id: 'afterbad', commandLine: 'true', dependsOn: { taskIds: ['bad'] } },
      { id: 'afterforgiven', commandLine: 'true', dependsOn: { taskIds: ['forgiven'] } },
    ]);
    await completedTask(client, 'block', 'bad');
    await completedTask(client, 'block', 'afterforgiven');
    expect((await client.task.get('block', 'afterbad')).state).toBe('active');
  });

  it('starts at once what depends on a task that is done already, and not what depends on a failure', async () => {
    await client.job.add({ id: 'late', poolInfo: { poolId: 'p' }, usesTaskDependencies: true });
    await client.task.addCollection('late', [
      { id: 'Good', commandLine: 'true' },
      { id: '7', commandLine: 'true' },
      { id: '8', commandLine: 'true' },
      { id: 'bad', commandLine: "/bin/sh -c 'exit 1'" },
    ]);
    for (const id of ['Good', '7', '8']) await completedTask(client, 'late', id);
    await completedTask(client, 'late', 'bad');
    await client.task.addCollection('late', [
      { id: 'afterbad', commandLine: 'true', dependsOn: { taskIds: ['good', 'bad'] } },
      { id: 'aftergood', commandLine: 'true', dependsOn: { taskIds: ['GOOD'] } },
      { id: 'afterrange', commandLine: 'true', dependsOn: { taskIdRanges: [{ start: 7, end: 8 }] } },
      { id: 'afternine', commandLine: 'true', dependsOn: { taskIdRanges: [{ start: 7, end: 9 }] } },
    ]);
    expect((await completedTask(client, 'late', 'aftergood')).executionInfo?.result).toBe('success');
    expect((await completedTask(client, 'late', 'afterrange')).executionInfo?.result).toBe('success');
    expect((await client.task.get('late', 'afterbad')).state).toBe('active');
    expect((await client.task.get('late', 'afternine')).state).toBe('active');
  });

  it('forgets what a task that is deleted waited for: another with its id waits for its own', async () => {
    await client.job.add({ id: 'again', poolInfo: { poolId: 'p' }, usesTaskDependencies: true });
    const dependsOn = { taskIds: ['first'], taskIdRanges: [{ start: 1, end: 1 }] };
    await client.task.add('again', { id: 'waits', commandLine: 'true', dependsOn });
    await client.task.deleteMethod('again', 'waits');
    const others = { taskIds: ['absent'] };
    await client.task.add('again', { id: 'waits', commandLine: 'true', dependsOn: others });
    for (const id of ['first', '1']) {
      await client.task.add('again', { id, commandLine: 'true' });
      await completedTask(client, 'again', id);
    }
    // Whatever could run now is started before what comes after it.
    await client.task.add('again', { id: 'zlast', commandLine: 'true' });
    await completedTask(client, 'again', 'zlast');
    expect((await client.task.get('again', 'waits')).state).toBe('active');
  });

  it('never gives a node more than its slots', async () => {
    await client.job.add({ id: 'slots', poolInfo: { poolId: 'p' } });
    const tasks = Array.from({ length: 12 }, (_, index) => ({
      id: `s${index}`,
      commandLine: "/bin/sh -c 'sleep 0.1'",
      requiredSlots: index % 3 === 0 ? 2 : 1,
    }));
    await client.task.addCollection('slots', tasks);
    await until(
      async () => {
        for (const node of await client.computeNode.list('p')) {
          expect(node.runningTaskSlotsCount).toBeLessThanOrEqual(2);
        }
        return client.job.getTaskCounts('slots');
      },
      (counts) => counts.taskCounts.completed === 12,
    );
    expect((await client.job.getTaskCounts('slots')).taskSlotCounts.succeeded).toBe(16);
    expect(
      await refusal(client.task.add('slots', { id: 'big', commandLine: 'true', requiredSlots: 9 })),
    ).toMatchObject({
      code: 'InvalidPropertyValue',
    });
  });

  it('lists, selects, filters and pages tasks', async () => {
    const tasks = Array.from({ length: 25 }, (_, index) => ({
      id: `t${String(index).padStart(2, '0')}`,
      commandLine: `/bin/sh -c 'exit ${index % 2}'`,
    }));
    await client.job.add({ id: 'list', poolInfo: { poolId: 'p' } });
    await client.task.addCollection('list', tasks);
    await until(
      () => client.job.getTaskCounts('list'),
      (counts) => counts.taskCounts.completed === 25,
    );
    const all = async (filter: string, maxResults = 4) => {
      const ids: (string | undefined)[] = [];
      let page = await client.task.list('list', { taskListOptions: { filter, maxResults, select: 'id' } });
      ids.push(...page.map((task) => task.id));
      while (page.odatanextLink !== undefined) {
        page = await client.task.listNext(page.odatanextLink);
        ids.push(...page.map((task) => task.id));
      }
      return ids;
    };
    const odd = tasks.filter((_, index) => index % 2 === 1).map(({ id }) => id);
    const sorted = tasks.map(({ id }) => id);
    expect(await all("state eq 'completed'")).toEqual(sorted);
    expect(await all("state eq 'running'")).toEqual([]);
    expect(await all('executionInfo/exitCode eq 1')).toEqual(odd);
    expect(await all("executionInfo/result eq 'Failure' and state eq 'completed'")).toEqual(odd);
    expect(await all("id ge 't10' and id lt 't13'")).toEqual(['t10', 't11', 't12']);
    expect(await all("startswith(id,'t2')")).toEqual(['t20', 't21', 't22', 't23', 't24']);
    expect(await all("stateTransitionTime ge DateTime'2000-01-01T00:00:00Z'")).toEqual(sorted);
    expect(await all("stateTransitionTime ge DateTime'2100-01-01T00:00:00Z'")).toEqual([]);
  });
});
