import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Emulator } from '../../emulator/server.ts';
import { type BatchClient, startFast, tokenClientFor, until } from './support.ts';
import { TravellingClock } from './travelling-clock.ts';

const MINUTE = 60_000;

describe('the times of job schedules', () => {
  const clock = new TravellingClock();
  let emulator: Emulator;
  let client: BatchClient;

  beforeAll(async () => {
    // A signature would be refused once the clock has travelled for more than a quarter of an hour.
    emulator = await startFast({ clock, entra: true });
    client = tokenClientFor(emulator);
  });
  afterAll(() => emulator.close());

  const jobSpecification = { poolInfo: { poolId: 'p' } };
  const jobsOf = async (id: string) =>
    (await client.job.listFromJobSchedule(id)).map((job) => [job.id, job.state]);
  const inFuture = (milliseconds: number) => new Date(clock.now() / 1000 + milliseconds);
  const endJob = async (id: string) => {
    await client.job.terminate(id);
    await until(
      () => client.job.get(id),
      (job) => job.state === 'completed',
    );
  };

  it('carries no occurrence over into the interval of the next', async () => {
    await client.jobSchedule.add({
      id: 'late',
      schedule: { recurrenceInterval: 'PT10M' },
      jobSpecification,
    });
    const created = (await client.jobSchedule.get('late')).creationTime?.getTime() ?? 0;
    clock.travel(35 * MINUTE);
    await endJob('late:job-1');
    await until(
      () => jobsOf('late'),
      (jobs) => jobs.length === 2,
    );
    const { executionInfo } = await client.jobSchedule.get('late');
    expect(executionInfo?.recentJob?.id).toBe('late:job-2');
    expect(executionInfo?.nextRunTime?.getTime()).toBe(created + 40 * MINUTE);
    await endJob('late:job-2');
    expect(await jobsOf('late')).toHaveLength(2);
    await client.jobSchedule.deleteMethod('late');
  });

  it('waits for its first time', async () => {
    const doNotRunUntil = inFuture(20 * MINUTE);
    await client.jobSchedule.add({ id: 'later', schedule: { doNotRunUntil }, jobSpecification });
    const { executionInfo } = await client.jobSchedule.get('later');
    expect(executionInfo).toEqual({ nextRunTime: doNotRunUntil });
    expect(await jobsOf('later')).toEqual([]);
    clock.travel(20 * MINUTE + 100);
    await until(
      () => jobsOf('later'),
      (jobs) => jobs.length === 1,
    );
    await client.jobSchedule.deleteMethod('later');
  });

  it('makes no job after its last time, and is over with the job that is then under way', async () => {
    const schedule = { recurrenceInterval: 'PT10M', doNotRunAfter: inFuture(15 * MINUTE) };
    await client.jobSchedule.add({ id: 'ends', schedule, jobSpecification });
    clock.travel(16 * MINUTE);
    expect((await client.jobSchedule.get('ends')).state).toBe('active');
    await client.job.terminate('ends:job-1');
    const over = await until(
      () => client.jobSchedule.get('ends'),
      (each) => each.state === 'completed',
    );
    expect(over.executionInfo?.nextRunTime).toBeUndefined();
    expect(over.executionInfo?.endTime).toBeDefined();
    expect(await jobsOf('ends')).toEqual([['ends:job-1', 'completed']]);
  });

  it('stays active until its last time though no further job is due', async () => {
    const schedule = { recurrenceInterval: 'PT1H', doNotRunAfter: inFuture(30 * MINUTE) };
    await client.jobSchedule.add({ id: 'idle', schedule, jobSpecification });
    await endJob('idle:job-1');
    const idle = await client.jobSchedule.get('idle');
    expect([idle.state, idle.executionInfo?.nextRunTime]).toEqual(['active', undefined]);
    clock.travel(30 * MINUTE + 100);
    await until(
      () => client.jobSchedule.get('idle'),
      (each) => each.state === 'completed',
    );
  });
});
