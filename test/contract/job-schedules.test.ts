import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Emulator } from '../../emulator/server.ts';
import { raw } from './raw.ts';
import { type BatchClient, clientFor, refusal, startFast, until } from './support.ts';
import { TravellingClock } from './travelling-clock.ts';

const MINUTE = 60_000;

describe('job schedules', () => {
  const clock = new TravellingClock();
  let emulator: Emulator;
  let client: BatchClient;

  beforeAll(async () => {
    emulator = await startFast({ clock });
    client = clientFor(emulator);
  });
  afterAll(() => emulator.close());

  const jobSpecification = { poolInfo: { poolId: 'p' } };
  const jobsOf = async (id: string) =>
    (await client.job.listFromJobSchedule(id)).map((job) => [job.id, job.state]);

  it('shows a schedule in the form of the service and makes its first job at once', async () => {
    const body = JSON.stringify({
      id: 's',
      schedule: { recurrenceInterval: 'P1D', startWindow: 'PT1H' },
      jobSpecification,
    });
    expect((await raw(emulator, 'POST', '/jobschedules', { body })).status).toBe(201);
    const { json } = await raw(emulator, 'GET', '/jobschedules/s');
    expect(json).toMatchObject({
      url: `${emulator.endpoint}/jobschedules/s`,
      state: 'active',
      schedule: { recurrenceInterval: 'P1D', startWindow: 'PT1H' },
      jobSpecification: {
        priority: 0,
        maxParallelTasks: -1,
        allowTaskPreemption: false,
        usesTaskDependencies: false,
        onAllTasksComplete: 'noaction',
        onTaskFailure: 'noaction',
        poolInfo: { poolId: 'p' },
      },
      executionInfo: { recentJob: { id: 's:job-1', url: `${emulator.endpoint}/jobs/s:job-1` } },
    });
    const { nextRunTime } = json.executionInfo as { nextRunTime: string };
    expect(Date.parse(nextRunTime) - Date.parse(String(json.creationTime))).toBe(24 * 60 * MINUTE);
    expect(await jobsOf('s')).toEqual([['s:job-1', 'active']]);
    expect((await client.job.get('s:job-1')).id).toBe('s:job-1');
    await client.jobSchedule.deleteMethod('s');
  });

  it('makes the next job when its time has come and the one before is over', async () => {
    await client.jobSchedule.add({
      id: 'minutely',
      schedule: { recurrenceInterval: 'PT1M' },
      jobSpecification,
    });
    clock.travel(MINUTE + 100);
    expect(await jobsOf('minutely')).toEqual([['minutely:job-1', 'active']]);
    await client.job.terminate('minutely:job-1');
    const jobs = await until(
      () => jobsOf('minutely'),
      (each) => each.length === 2 && each[1]?.[1] === 'completed',
    );
    expect(jobs).toEqual([
      ['minutely:job-2', 'active'],
      ['minutely:job-1', 'completed'],
    ]);
    await client.job.terminate('minutely:job-2');
    await until(
      () => client.job.get('minutely:job-2'),
      (job) => job.state === 'completed',
    );
    clock.travel(MINUTE);
    await until(
      () => jobsOf('minutely'),
      (each) => each.some(([id]) => id === 'minutely:job-3'),
    );
  });

  it('loses an occurrence whose start window passes', async () => {
    await client.jobSchedule.add({
      id: 'window',
      schedule: { recurrenceInterval: 'PT3M', startWindow: 'PT1M' },
      jobSpecification,
    });
    clock.travel(3 * MINUTE + 100);
    clock.travel(MINUTE + 100);
    await client.job.terminate('window:job-1');
    await until(
      () => client.job.get('window:job-1'),
      (job) => job.state === 'completed',
    );
    expect(await jobsOf('window')).toHaveLength(1);
    clock.travel(2 * MINUTE);
    await until(
      () => jobsOf('window'),
      (each) => each.length === 2,
    );
  });

  it('makes no jobs while disabled', async () => {
    await client.jobSchedule.add({ id: 'off', schedule: { recurrenceInterval: 'PT1M' }, jobSpecification });
    expect((await client.jobSchedule.disable('off'))._response.status).toBe(204);
    await client.job.terminate('off:job-1');
    clock.travel(MINUTE + 100);
    expect((await client.jobSchedule.get('off')).state).toBe('disabled');
    expect(await jobsOf('off')).toHaveLength(1);
    await client.jobSchedule.enable('off');
    await until(
      () => jobsOf('off'),
      (each) => each.length === 2,
    );
  });

  it('is over with its only job when it does not recur', async () => {
    await client.jobSchedule.add({ id: 'once', schedule: {}, jobSpecification });
    const { json } = await raw(emulator, 'GET', '/jobschedules/once');
    expect(json).not.toHaveProperty('schedule');
    expect(json.executionInfo).not.toHaveProperty('nextRunTime');
    await client.job.terminate('once:job-1');
    const over = await until(
      () => client.jobSchedule.get('once'),
      (each) => each.state === 'completed',
    );
    expect(over.executionInfo?.endTime).toBeDefined();
    expect(await refusal(client.jobSchedule.disable('once'))).toMatchObject({ code: 'JobScheduleCompleted' });
  });

  it('ends its job when it is terminated', async () => {
    await client.jobSchedule.add({ id: 'ended', schedule: { recurrenceInterval: 'PT5M' }, jobSpecification });
    expect((await client.jobSchedule.terminate('ended'))._response.status).toBe(202);
    await until(
      () => client.jobSchedule.get('ended'),
      (each) => each.state === 'completed',
    );
    expect((await client.job.get('ended:job-1')).executionInfo?.terminateReason).toBe('TerminateWorkitem');
  });

  it('takes its jobs with it when deleted', async () => {
    await client.jobSchedule.add({ id: 'gone', schedule: {}, jobSpecification });
    await clock.hold(async () => {
      await client.jobSchedule.deleteMethod('gone');
      expect(await refusal(client.jobSchedule.deleteMethod('gone'))).toMatchObject({
        code: 'JobScheduleBeingDeleted',
      });
    });
    await until(
      () => client.jobSchedule.exists('gone'),
      (answer) => !answer.body,
    );
    expect(await refusal(client.job.get('gone:job-1'))).toMatchObject({ code: 'JobNotFound' });
  });

  it('changes what later jobs will be', async () => {
    await client.jobSchedule.add({
      id: 'changed',
      schedule: { recurrenceInterval: 'PT1M' },
      jobSpecification,
    });
    await client.jobSchedule.patch('changed', { jobSpecification: { ...jobSpecification, priority: 3 } });
    expect((await client.job.get('changed:job-1')).priority).toBe(0);
    await client.job.terminate('changed:job-1');
    clock.travel(MINUTE + 100);
    const job = await until(
      () => client.job.get('changed:job-2').catch(() => undefined),
      (each) => each !== undefined,
    );
    expect(job?.priority).toBe(3);
    expect(await refusal(client.job.add({ id: 'changed', poolInfo: { poolId: 'p' } }))).toMatchObject({
      code: 'JobScheduleWithSameIdExists',
    });
  });

  it('is replaced as a whole', async () => {
    await client.jobSchedule.add({
      id: 'put',
      schedule: { recurrenceInterval: 'PT1H' },
      jobSpecification: { ...jobSpecification, priority: 3 },
      metadata: [{ name: 'a', value: 'b' }],
    });
    const { eTag } = await client.jobSchedule.get('put');
    const replace = (ifMatch: string) =>
      client.jobSchedule.update(
        'put',
        { schedule: { recurrenceInterval: 'PT2H' }, jobSpecification },
        { jobScheduleUpdateOptions: { ifMatch } },
      );
    expect(await refusal(replace('0x1'))).toMatchObject({ statusCode: 412, code: 'ConditionNotMet' });
    expect((await replace(eTag ?? ''))._response.status).toBe(200);
    const after = await client.jobSchedule.get('put');
    expect(after).toMatchObject({
      schedule: { recurrenceInterval: 'PT2H' },
      jobSpecification: { priority: 0 },
    });
    expect(after.metadata).toBeUndefined();
    expect(after.eTag).not.toBe(eTag);
    const created = after.creationTime?.getTime() ?? 0;
    expect(after.executionInfo?.nextRunTime?.getTime()).toBe(created + 120 * MINUTE);
    await client.jobSchedule.deleteMethod('put');
  });

  it('refuses what no schedule can be', async () => {
    const add = (schedule: object, id = 'no') =>
      refusal(client.jobSchedule.add({ id, schedule, jobSpecification }));
    for (const name of ['recurrenceInterval', 'startWindow']) {
      expect(await add({ [name]: 'PT59S' })).toMatchObject({
        statusCode: 400,
        code: 'InvalidPropertyValue',
        values: { PropertyName: name, PropertyValue: 'PT59S' },
      });
    }
    expect(await add({}, 'a:b')).toMatchObject({ statusCode: 400, code: 'InvalidPropertyValue' });
    await client.job.add({ id: 'taken', poolInfo: { poolId: 'p' } });
    expect(await add({}, 'TAKEN')).toMatchObject({ statusCode: 409, code: 'JobWithSameIdExists' });
    await client.jobSchedule.add({ id: 'twice', schedule: {}, jobSpecification });
    expect(await add({}, 'Twice')).toMatchObject({ statusCode: 409, code: 'JobScheduleExists' });
    expect((await client.jobSchedule.exists('no')).body).toBe(false);
    expect(await refusal(client.jobSchedule.get('no'))).toMatchObject({ code: 'JobScheduleNotFound' });
    expect(await refusal(client.job.listFromJobSchedule('no'))).toMatchObject({
      code: 'JobScheduleNotFound',
    });
  });

  it('lists schedules by id, filtered and selected', async () => {
    const list = (filter: string, select = 'id,state') =>
      client.jobSchedule.list({ jobScheduleListOptions: { filter, select } });
    const completed = await list("state eq 'completed'");
    expect(completed.map((each) => each.id)).toEqual(['ended', 'once']);
    expect(Object.keys(completed[0] ?? {})).toEqual(['id', 'state']);
    expect(await list("startswith(id,'tw')")).toHaveLength(1);
  });
});
