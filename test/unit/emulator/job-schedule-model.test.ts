import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromTimestamp, type Instant, toTimestamp } from '../../../emulator/clock.ts';
import {
  caughtUp,
  createJobSchedule,
  type JobScheduleRecord,
  missedJob,
  ranJob,
  type Schedule,
  startDeadline,
} from '../../../emulator/model/job-schedule.ts';

const NOW: Instant = Date.UTC(2024, 0, 1) * 1000;
const MINUTE = 60_000_000;
const at = (minutes: number) => NOW + minutes * MINUTE;
const made = (schedule: Schedule): JobScheduleRecord =>
  createJobSchedule({ id: 's', schedule, jobSpecification: { poolInfo: { poolId: 'p' } } }, NOW);

describe('the occurrences of a schedule', () => {
  it('begin at once, and follow each other by the interval', () => {
    const fresh = made({ recurrenceInterval: 'PT10M' });
    expect(fresh.nextDue).toBe(NOW);
    const ran = ranJob(fresh, 's:job-1');
    expect([ran.runs, ran.nextDue]).toEqual([1, at(10)]);
    expect(ran.schedule.executionInfo).toEqual({
      nextRunTime: toTimestamp(at(10)),
      recentJob: { id: 's:job-1' },
    });
    expect(missedJob(ran).nextDue).toBe(at(20));
  });

  it('begin no sooner than they may', () => {
    const record = made({ recurrenceInterval: 'PT10M', doNotRunUntil: toTimestamp(at(25)) });
    expect(record.nextDue).toBe(at(25));
    expect(ranJob(record, 'j').nextDue).toBe(at(35));
  });

  it('are but one without an interval', () => {
    expect(ranJob(made({}), 'j').nextDue).toBeUndefined();
    expect(ranJob(made({}), 'j').schedule.executionInfo).not.toHaveProperty('nextRunTime');
  });

  it('end when the schedule ends', () => {
    const record = ranJob(made({ recurrenceInterval: 'PT10M', doNotRunAfter: toTimestamp(at(15)) }), 'j');
    expect(record.nextDue).toBe(at(10));
    expect(caughtUp(record, at(14)).nextDue).toBe(at(10));
    expect(caughtUp(record, at(15)).nextDue).toBeUndefined();
    expect(missedJob(record).nextDue).toBeUndefined();
  });

  it('may start within the window', () => {
    expect(startDeadline(made({ recurrenceInterval: 'PT10M', startWindow: 'PT2M' }))).toBe(at(2));
    expect(startDeadline(made({ recurrenceInterval: 'PT10M' }))).toBeUndefined();
  });

  it('that could start is always the latest whose time has come', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 500 }), fc.integer({ min: 0, max: 5_000 }), (interval, later) => {
        const record = made({ recurrenceInterval: `PT${interval}M` });
        const { nextDue = Number.NaN } = caughtUp(record, at(later));
        const due = (nextDue - NOW) / MINUTE;
        expect(due % interval).toBe(0);
        expect(due).toBeLessThanOrEqual(later);
        expect(due + interval).toBeGreaterThan(later);
      }),
    );
  });

  it('stay when there is nothing to catch up with', () => {
    const record = made({ recurrenceInterval: 'PT10M' });
    expect(caughtUp(record, fromTimestamp(record.schedule.creationTime))).toBe(record);
  });
});
