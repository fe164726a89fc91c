import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Emulator } from '../../emulator/server.ts';
import { raw } from './raw.ts';
import {
  addReadyPool,
  type BatchClient,
  clientFor,
  completedTask,
  isAlive,
  jobInState,
  readText,
  refusal,
  startFast,
  UBUNTU,
  until,
} from './support.ts';
import { TravellingClock } from './travelling-clock.ts';

describe('preparation and release tasks', () => {
  let emulator: Emulator;
  let client: BatchClient;

  beforeAll(async () => {
    emulator = await startFast();
    client = clientFor(emulator);
    await addReadyPool(client, 'p', 2, { taskSlotsPerNode: 4 });
    await addReadyPool(client, 'one', 1, { taskSlotsPerNode: 2 });
  });
  afterAll(() => emulator.close());

  const statusOf = async (jobId: string) => {
    const { json } = await raw(emulator, 'GET', `/jobs/${jobId}/jobpreparationandreleasetaskstatus`);
    return json.value as Record<string, Record<string, unknown>>[];
  };
  const output = async (jobId: string, taskId: string) =>
    readText((await client.file.getFromTask(jobId, taskId, 'stdout.txt')).readableStreamBody);
  const nodeFile = async (nodeId: string, path: string, poolId = 'one') =>
    (await raw(emulator, 'GET', `/pools/${poolId}/nodes/${nodeId}/files/${encodeURIComponent(path)}`)).text;

  it('are shown with the defaults of the service', async () => {
    const body = JSON.stringify({
      id: 'shown',
      poolInfo: { poolId: 'p' },
      jobPreparationTask: { commandLine: 'true' },
      jobReleaseTask: { commandLine: 'true' },
    });
    expect((await raw(emulator, 'POST', '/jobs', { body })).status).toBe(201);
    const { json } = await raw(emulator, 'GET', '/jobs/shown');
    expect(json.jobPreparationTask).toMatchObject({
      id: 'jobpreparation',
      commandLine: 'true',
      waitForSuccess: true,
      rerunOnNodeRebootAfterSuccess: true,
    });
    expect(json.jobReleaseTask).toMatchObject({
      id: 'jobrelease',
      maxWallClockTime: 'PT15M',
      retentionTime: 'P7D',
    });
    expect(await statusOf('shown')).toEqual([]);
  });

  it('prepare a node once before the first task there, and release it when the job ends', async () => {
    await client.job.add({
      id: 'whole',
      poolInfo: { poolId: 'one' },
      commonEnvironmentSettings: [{ name: 'FROM_JOB', value: 'common' }],
      jobPreparationTask: {
        id: 'prep',
        commandLine:
          "/bin/sh -c 'echo run $AZ_BATCH_TASK_ID $FROM_JOB >> $AZ_BATCH_NODE_SHARED_DIR/log; echo x > made'",
      },
      jobReleaseTask: {
        id: 'rel',
        commandLine:
          "/bin/sh -c 'echo $AZ_BATCH_TASK_ID $AZ_BATCH_JOB_PREP_DIR >> $AZ_BATCH_NODE_SHARED_DIR/log'",
      },
    });
    await client.task.addCollection(
      'whole',
      ['a', 'b', 'c'].map((id) => ({
        id,
        commandLine:
          "/bin/sh -c 'cat $AZ_BATCH_JOB_PREP_WORKING_DIR/made; cat $AZ_BATCH_NODE_SHARED_DIR/log'",
      })),
    );
    for (const id of ['a', 'b', 'c']) {
      expect((await completedTask(client, 'whole', id)).executionInfo?.exitCode).toBe(0);
      expect(await output('whole', id)).toBe('x\nrun prep common\n');
    }
    const [before] = await statusOf('whole');
    expect(before?.jobReleaseTaskExecutionInfo).toBeUndefined();
    await client.job.terminate('whole');
    await jobInState(client, 'whole', 'completed');
    const [node] = await client.computeNode.list('one');
    const nodeId = node?.id ?? '';
    const url = `${emulator.endpoint}/pools/one/nodes/${nodeId}`;
    const [status, ...others] = await statusOf('whole');
    expect(others).toEqual([]);
    const times = { startTime: expect.any(String), endTime: expect.any(String) };
    expect(status).toEqual({
      poolId: 'one',
      nodeId,
      nodeUrl: url,
      jobPreparationTaskExecutionInfo: {
        ...times,
        state: 'completed',
        exitCode: 0,
        retryCount: 0,
        result: 'success',
        taskRootDirectory: 'workitems/whole/job-1/prep',
        taskRootDirectoryUrl: `${url}/files/workitems/whole/job-1/prep`,
      },
      jobReleaseTaskExecutionInfo: {
        ...times,
        state: 'completed',
        exitCode: 0,
        result: 'success',
        taskRootDirectory: 'workitems/whole/job-1/rel',
        taskRootDirectoryUrl: `${url}/files/workitems/whole/job-1/rel`,
      },
    });
    expect(await nodeFile(nodeId, 'shared/log')).toMatch(/^run prep common\nrel \/.*\/whole\/job-1\/prep\n$/);
    expect(await nodeFile(nodeId, 'workitems/whole/job-1/prep/wd/made')).toBe('x\n');
  });

  it('keep tasks preparing until the preparation is done', async () => {
    await client.job.add({
      id: 'slow',
      poolInfo: { poolId: 'one' },
      jobPreparationTask: {
        commandLine: "/bin/sh -c 'until [ -e $AZ_BATCH_NODE_SHARED_DIR/go ]; do sleep 0.02; done'",
      },
    });
    await client.task.add('slow', { id: 't', commandLine: 'true' });
    const waiting = await until(
      () => client.task.get('slow', 't'),
      (task) => task.state === 'preparing',
    );
    expect(waiting.executionInfo?.startTime).toBeUndefined();
    expect(waiting.nodeInfo?.nodeId).toBeDefined();
    expect((await client.job.getTaskCounts('slow')).taskCounts).toMatchObject({ active: 0, running: 1 });
    expect((await statusOf('slow'))[0]?.jobPreparationTaskExecutionInfo).toMatchObject({ state: 'running' });
    await client.job.add({ id: 'opener', poolInfo: { poolId: 'one' } });
    await client.task.add('opener', {
      id: 't',
      commandLine: "/bin/sh -c 'touch $AZ_BATCH_NODE_SHARED_DIR/go'",
    });
    const done = await completedTask(client, 'slow', 't');
    expect(done.previousState).toBe('running');
    expect(done.executionInfo).toMatchObject({ exitCode: 0, retryCount: 0, requeueCount: 0 });
  });

  it('give tasks back when they fail, and keep them from the node', async () => {
    await client.job.add({
      id: 'fails',
      poolInfo: { poolId: 'one' },
      jobPreparationTask: {
        commandLine: "/bin/sh -c 'echo again >> ../count; exit 3'",
        constraints: { maxTaskRetryCount: 2 },
      },
      jobReleaseTask: { commandLine: 'true' },
    });
    await client.task.add('fails', { id: 't', commandLine: 'true' });
    const [status] = await until(
      () => statusOf('fails'),
      ([each]) => each?.jobPreparationTaskExecutionInfo?.state === 'completed',
    );
    expect(status?.jobPreparationTaskExecutionInfo).toMatchObject({
      exitCode: 3,
      retryCount: 2,
      lastRetryTime: expect.any(String),
      result: 'failure',
      failureInfo: { category: 'UserError', code: 'FailureExitCode' },
    });
    const nodeId = String(status?.nodeId);
    expect(await nodeFile(nodeId, 'workitems/fails/job-1/jobpreparation/count')).toBe('again\n'.repeat(3));
    const { json } = await until(
      () => raw(emulator, 'GET', '/jobs/fails/tasks/t'),
      (answer) => answer.json.state === 'active',
    );
    expect(json).toMatchObject({ state: 'active', previousState: 'preparing' });
    expect(json.executionInfo).toEqual({ retryCount: 0, requeueCount: 0 });
    expect(json).not.toHaveProperty('nodeInfo');
    // The node still serves others, and nothing of this job.
    await client.job.add({ id: 'other', poolInfo: { poolId: 'one' } });
    await client.task.add('other', { id: 't', commandLine: 'true' });
    await completedTask(client, 'other', 't');
    const still = await raw(emulator, 'GET', '/jobs/fails/tasks/t');
    expect(still.json.stateTransitionTime).toBe(json.stateTransitionTime);
    await client.job.terminate('fails');
    await jobInState(client, 'fails', 'completed');
    expect((await statusOf('fails'))[0]).not.toHaveProperty('jobReleaseTaskExecutionInfo');
  });

  it('let tasks run beside a preparation that is not waited for', async () => {
    await client.job.add({
      id: 'beside',
      poolInfo: { poolId: 'one' },
      jobPreparationTask: { commandLine: 'sleep 600', waitForSuccess: false },
    });
    await client.task.add('beside', { id: 't', commandLine: 'true' });
    expect((await completedTask(client, 'beside', 't')).executionInfo?.result).toBe('success');
    expect((await statusOf('beside'))[0]?.jobPreparationTaskExecutionInfo).toMatchObject({
      state: 'running',
    });
    await client.job.terminate('beside');
    await jobInState(client, 'beside', 'completed');
    expect((await statusOf('beside'))[0]?.jobPreparationTaskExecutionInfo).toMatchObject({
      state: 'completed',
      result: 'failure',
      failureInfo: { code: 'TaskEnded' },
    });
  });

  it('are repeated after a reboot, unless asked not to be', async () => {
    const add = async (id: string, rerunOnNodeRebootAfterSuccess: boolean) => {
      await client.job.add({
        id,
        poolInfo: { poolId: 'one' },
        jobPreparationTask: {
          commandLine: "/bin/sh -c 'echo run >> ../count'",
          rerunOnNodeRebootAfterSuccess,
        },
      });
      await client.task.add(id, { id: 'first', commandLine: 'true' });
      await completedTask(client, id, 'first');
    };
    await add('rerun', true);
    await add('norerun', false);
    const [node] = await client.computeNode.list('one');
    const nodeId = node?.id ?? '';
    const booted = node?.lastBootTime?.getTime();
    await client.computeNode.reboot('one', nodeId);
    await until(
      () => client.computeNode.get('one', nodeId),
      (each) => each.state === 'idle' && each.lastBootTime?.getTime() !== booted,
    );
    for (const id of ['rerun', 'norerun']) {
      await client.task.add(id, { id: 'second', commandLine: 'true' });
      await completedTask(client, id, 'second');
    }
    const count = (id: string) => nodeFile(nodeId, `workitems/${id}/job-1/jobpreparation/count`);
    expect(await count('rerun')).toBe('run\nrun\n');
    expect(await count('norerun')).toBe('run\n');
  });

  it('end with their task while it waits, and leave no process', async () => {
    await client.job.add({
      id: 'killed',
      poolInfo: { poolId: 'one' },
      jobPreparationTask: { commandLine: "/bin/sh -c 'echo $$; sleep 600'" },
    });
    await client.task.add('killed', { id: 't', commandLine: 'true' });
    await until(
      () => client.task.get('killed', 't'),
      (task) => task.state === 'preparing',
    );
    const [status] = await statusOf('killed');
    const nodeId = String(status?.nodeId);
    const pid = await until(
      async () => (await nodeFile(nodeId, 'workitems/killed/job-1/jobpreparation/stdout.txt')).trim(),
      (text) => /^\d+$/.test(text),
    );
    await client.task.terminate('killed', 't');
    expect((await client.task.get('killed', 't')).executionInfo?.failureInfo?.code).toBe('TaskEnded');
    expect(isAlive(pid)).toBe(true);
    await client.job.deleteMethod('killed');
    await until(
      () => refusal(client.job.get('killed')).catch(() => ({ code: undefined })),
      ({ code }) => code === 'JobNotFound',
    );
    expect(isAlive(pid)).toBe(false);
  });

  it('release before a job that is deleted is gone', async () => {
    await client.job.add({
      id: 'deleted',
      poolInfo: { poolId: 'one' },
      jobPreparationTask: { commandLine: 'true' },
      jobReleaseTask: {
        commandLine: "/bin/sh -c 'sleep 0.2; echo released > $AZ_BATCH_NODE_SHARED_DIR/deleted'",
      },
    });
    await client.task.add('deleted', { id: 't', commandLine: 'true' });
    await completedTask(client, 'deleted', 't');
    const [node] = await client.computeNode.list('one');
    await client.job.deleteMethod('deleted');
    await until(
      () => refusal(client.job.get('deleted')).catch(() => ({ code: undefined })),
      ({ code }) => code === 'JobNotFound',
    );
    expect(await nodeFile(node?.id ?? '', 'shared/deleted')).toBe('released\n');
  });

  it('release only when the tasks of the job are gone', async () => {
    await client.job.add({
      id: 'ordered',
      poolInfo: { poolId: 'one' },
      jobPreparationTask: { commandLine: 'true' },
      jobReleaseTask: { commandLine: "/bin/sh -c 'echo release >> $AZ_BATCH_NODE_SHARED_DIR/order'" },
    });
    const last = 'sleep 0.1; echo task >> $AZ_BATCH_NODE_SHARED_DIR/order; exit';
    await client.task.add('ordered', {
      id: 't',
      commandLine: `/bin/sh -c 'trap "${last}" TERM; echo up; while :; do sleep 0.01; done'`,
    });
    await until(
      async () => (await raw(emulator, 'GET', '/jobs/ordered/tasks/t/files/stdout.txt')).text,
      (text) => text === 'up\n',
    );
    const [node] = await client.computeNode.list('one');
    await client.job.terminate('ordered');
    await jobInState(client, 'ordered', 'completed');
    expect(await nodeFile(node?.id ?? '', 'shared/order')).toBe('task\nrelease\n');
  });

  it('end a release whose time is up', async () => {
    await client.job.add({
      id: 'late',
      poolInfo: { poolId: 'one' },
      jobPreparationTask: { commandLine: 'true' },
      jobReleaseTask: { commandLine: 'sleep 600', maxWallClockTime: 'PT0.1S' },
    });
    await client.task.add('late', { id: 't', commandLine: 'true' });
    await completedTask(client, 'late', 't');
    await client.job.terminate('late');
    await jobInState(client, 'late', 'completed');
    expect((await statusOf('late'))[0]?.jobReleaseTaskExecutionInfo).toMatchObject({
      state: 'completed',
      result: 'failure',
      failureInfo: { code: 'TaskEnded' },
    });
  });

  it('list their status by node, filtered and in pages', async () => {
    await client.job.add({
      id: 'paged',
      poolInfo: { poolId: 'p' },
      jobPreparationTask: { commandLine: 'true' },
    });
    const tasks = Array.from({ length: 8 }, (_, index) => ({ id: `t${index}`, commandLine: 'sleep 0.3' }));
    await client.task.addCollection('paged', tasks);
    const both = await until(
      () => client.job.listPreparationAndReleaseTaskStatus('paged'),
      (list) =>
        list.length === 2 && list.every((each) => each.jobPreparationTaskExecutionInfo?.result === 'success'),
    );
    const first = await client.job.listPreparationAndReleaseTaskStatus('paged', {
      jobListPreparationAndReleaseTaskStatusOptions: { maxResults: 1 },
    });
    expect(first.map((each) => each.nodeId)).toEqual([both[0]?.nodeId]);
    const second = await client.job.listPreparationAndReleaseTaskStatusNext(first.odatanextLink ?? '');
    expect(second.map((each) => each.nodeId)).toEqual([both[1]?.nodeId]);
    expect(second.odatanextLink).toBeUndefined();
    const filtered = (filter: string) =>
      client.job.listPreparationAndReleaseTaskStatus('paged', {
        jobListPreparationAndReleaseTaskStatusOptions: { filter },
      });
    expect(await filtered(`nodeId eq '${both[1]?.nodeId}'`)).toHaveLength(1);
    expect(await filtered("jobPreparationTaskExecutionInfo/result eq 'failure'")).toHaveLength(0);
    expect(await refusal(filtered("commandLine eq 'x'"))).toMatchObject({ statusCode: 400 });
  });

  it('are refused when they cannot be', async () => {
    const add = (extra: object) => refusal(client.job.add({ id: 'no', poolInfo: { poolId: 'p' }, ...extra }));
    expect(await add({ jobReleaseTask: { commandLine: 'true' } })).toMatchObject({
      statusCode: 400,
      code: 'InvalidPropertyValue',
      values: { PropertyName: 'jobReleaseTask' },
    });
    const jobPreparationTask = { commandLine: 'true' };
    expect(
      await add({ jobPreparationTask, jobReleaseTask: { commandLine: 'true', maxWallClockTime: 'PT16M' } }),
    ).toMatchObject({ values: { PropertyName: 'maxWallClockTime' } });
    expect(await add({ jobPreparationTask: { id: 'a b', commandLine: 'true' } })).toMatchObject({
      code: 'InvalidPropertyValue',
    });
    await client.job.add({
      id: 'ids',
      poolInfo: { poolId: 'p' },
      jobPreparationTask,
      jobReleaseTask: { commandLine: 'true' },
    });
    expect(await refusal(client.task.add('ids', { id: 'JobPreparation', commandLine: 'x' }))).toMatchObject({
      statusCode: 409,
      code: 'TaskIdSameAsJobPreparationTask',
    });
    expect(await refusal(client.task.add('ids', { id: 'jobrelease', commandLine: 'x' }))).toMatchObject({
      statusCode: 409,
      code: 'TaskIdSameAsJobReleaseTask',
    });
    await client.job.add({ id: 'plain', poolInfo: { poolId: 'p' } });
    expect(await refusal(client.job.listPreparationAndReleaseTaskStatus('plain'))).toMatchObject({
      statusCode: 409,
      code: 'JobPreparationTaskOrReleaseTaskNotSpecified',
    });
  });
});

describe('an emulator that is stopped while a node restarts', () => {
  it('does not wait for the node to run a release task', async () => {
    // So slow that nothing happens but what the clock is put forward for.
    const clock = new TravellingClock();
    const emulator = await startFast({ speed: 0.1, clock });
    const client = clientFor(emulator);
    const waiting = <T>(ask: () => Promise<T>) => {
      clock.travel(2_000);
      return ask();
    };
    try {
      await client.pool.add({
        id: 'p',
        vmSize: 'standard_d2_v2',
        virtualMachineConfiguration: UBUNTU,
        targetDedicatedNodes: 1,
      });
      const [node] = await until(
        () => waiting(() => client.computeNode.list('p')),
        ([each]) => each?.state === 'idle',
      );
      const nodeId = node?.id ?? '';
      await client.job.add({
        id: 'j',
        poolInfo: { poolId: 'p' },
        jobPreparationTask: { commandLine: 'true', rerunOnNodeRebootAfterSuccess: false },
        jobReleaseTask: { commandLine: 'true' },
      });
      await client.job.add({ id: 'later', poolInfo: { poolId: 'p' } });
      await client.task.add('j', { id: 't', commandLine: 'true' });
      await until(
        () => waiting(() => client.task.get('j', 't')),
        ({ state }) => state === 'completed',
      );
      await client.computeNode.reboot('p', nodeId);
      await client.job.terminate('j');
      await client.job.terminate('later');
      clock.travel(6_000);
      // By then the end of the first job is under way, too.
      await until(
        () => client.job.get('later'),
        ({ state }) => state === 'completed',
      );
      expect((await client.job.get('j')).state).toBe('terminating');
      expect((await client.computeNode.get('p', nodeId)).state).toBe('rebooting');
    } finally {
      await emulator.close();
    }
  });
});
