import { describe, expect, test } from 'vitest';
import { jobProgress, type ProgressFacts, type Run } from '../../../src/resources/progress.ts';
import { progressText } from '../../../src/resources/progress-text.ts';
import { MINUTE, NOW, SECOND } from '../../support/samples.ts';

const run = (task: string, changes: Partial<Run> = {}): Run => ({
  task,
  node: 'n1',
  slots: 1,
  created: NOW - 30 * MINUTE,
  start: NOW - 20 * MINUTE,
  end: NOW - 19 * MINUTE,
  failed: false,
  ...changes,
});

/** One run a minute, the last one a minute ago, each a second longer than the one before. */
const steady = (count: number): Run[] =>
  Array.from({ length: count }, (_, number) => {
    const end = NOW - (count - number) * MINUTE;
    return run(`t${number + 1}`, { start: end - (number + 1) * SECOND, end });
  });

const facts = (changes: Partial<ProgressFacts> = {}): ProgressFacts => ({
  job: 'myjob',
  state: 'active',
  began: NOW - 100 * MINUTE,
  ended: undefined,
  counts: { active: 20, running: 10, completed: 100, succeeded: 100, failed: 0 },
  completed: steady(100),
  running: [],
  isSample: false,
  knownFrom: undefined,
  pool: { vmSize: 'standard_d4s_v3', taskSlotsPerNode: 2 },
  now: NOW,
  ...changes,
});

const textOf = (changes: Partial<ProgressFacts> = {}, width = 100) =>
  progressText(jobProgress(facts(changes)), width).map(({ text }) => text);

describe('progress of a job', () => {
  test('tells the pace of late, and when all will have completed at it', () => {
    const { recent, whole, left } = jobProgress(facts());
    expect(recent).toEqual({ perMinute: 1, over: 10 * MINUTE });
    expect(whole?.perMinute).toBeCloseTo(1, 1);
    expect(left).toEqual({ milliseconds: 30 * MINUTE, at: NOW + 30 * MINUTE });
  });

  test('tells the day of an end that is not today', () => {
    const counts = { active: 6000, running: 0, completed: 100, succeeded: 100, failed: 0 };
    expect(textOf().join('\n')).toContain('30 tasks, in about 30m as of lately, at 12:30:00 UTC');
    expect(textOf({ counts }).join('\n')).toContain('at 2026-03-06 16:00:00 UTC');
  });

  test('looks further back where little has completed of late', () => {
    const completed = steady(100).map((each) => ({
      ...each,
      end: NOW - 5 * MINUTE * Number(each.task.slice(1)),
    }));
    expect(jobProgress(facts({ completed, began: NOW - 600 * MINUTE })).recent).toEqual({
      perMinute: 12 / 60,
      over: 60 * MINUTE,
    });
  });

  test('goes by what is known of all that completed, where the rest is a sample', () => {
    const { recent } = jobProgress(facts({ isSample: true, knownFrom: NOW - 2 * MINUTE }));
    expect(recent).toEqual({ perMinute: 1, over: 2 * MINUTE });
    expect(jobProgress(facts({ isSample: true, knownFrom: undefined })).recent).toBeUndefined();
  });

  test('tells no end of a job that is disabled, is over, or gets nowhere', () => {
    expect(jobProgress(facts({ state: 'disabled' })).left).toBeUndefined();
    expect(jobProgress(facts({ state: 'completed', ended: NOW })).left).toBeUndefined();
    expect(jobProgress(facts({ completed: [] })).left).toBeUndefined();
  });

  test('tells how long tasks ran and waited, and how much they used', () => {
    const { ran, waited, taskTime, nodeTime, coreTime } = jobProgress(facts());
    expect(ran).toEqual({ median: 50 * SECOND, p95: 95 * SECOND, longest: 100 * SECOND, task: 't100' });
    expect(waited?.longest).toBeGreaterThan(0);
    expect(taskTime).toBe(5050 * SECOND);
    expect(nodeTime).toBe(taskTime / 2);
    expect(coreTime).toBe(taskTime * 2);
  });

  test('puts what a sample used up to all tasks, and says that it is a sample', () => {
    const counts = { active: 0, running: 0, completed: 1000, succeeded: 1000, failed: 0 };
    expect(jobProgress(facts({ isSample: true, counts })).taskTime).toBe(50_500 * SECOND);
    expect(textOf({ isSample: true, counts })).toContain('Times, of a sample: 100 of 1,000 completed tasks');
    expect(textOf({ isSample: true, counts }).join('\n')).toMatch(/used +about 14\.0 task-hours/);
  });

  test('names those that run longer than nearly all others did', () => {
    const running = [
      run('stuck', { start: NOW - 40 * MINUTE, end: undefined }),
      run('usual', { start: NOW - 10 * SECOND, end: undefined }),
    ];
    expect(jobProgress(facts({ running })).slow.map(({ task }) => task)).toEqual(['stuck']);
    expect(textOf({ running }).join('\n')).toMatch(
      /Running longer than 95 of 100[^\n]*\n +40m {2}stuck on n1/,
    );
  });

  test('of few tasks names those that run longer than all others did', () => {
    const completed = [10, 20, 60].map((seconds) =>
      run(`t${seconds}`, { start: NOW - 2 * MINUTE, end: NOW - 2 * MINUTE + seconds * SECOND }),
    );
    const running = [
      run('stuck', { start: NOW - 40 * MINUTE, end: undefined }),
      run('usual', { start: NOW - 59 * SECOND, end: undefined }),
    ];
    expect(jobProgress(facts({ completed, running })).slow.map(({ task }) => task)).toEqual(['stuck']);
    expect(textOf({ completed, running })).toContain('Running longer than all that have completed');
  });

  test('shows each node over time, and points to one on which tasks fail', () => {
    const at = (minute: number) => NOW - (10 - minute) * MINUTE;
    const completed = [
      ...[0, 2, 4, 6, 8].map((minute) =>
        run(`a${minute}`, { node: 'good', start: at(minute), end: at(minute + 2) }),
      ),
      ...[0, 1, 2].map((minute) =>
        run(`b${minute}`, { node: 'broken', start: at(minute), end: at(minute + 1), failed: true }),
      ),
    ];
    const { lanes } = jobProgress(facts({ completed }));
    expect(lanes.map(({ node, ran, failed, isSuspect }) => [node, ran, failed, isSuspect])).toEqual([
      ['broken', 3, 3, true],
      ['good', 5, 0, false],
    ]);
    const [broken = '', good = ''] = textOf({ completed }, 80).slice(-2);
    expect(broken).toMatch(/^ {2}broken +▄*✗▄+✗▄+✗·+ {2}3 ran, 3 failed ◀$/);
    expect(good).toMatch(/^ {2}good +▄+ {2}5 ran$/);
    expect(broken.length).toBeLessThanOrEqual(80);
  });

  test('says one task, not one tasks', () => {
    const counts = { active: 1, running: 0, completed: 1, succeeded: 1, failed: 0 };
    const text = textOf({ counts, completed: steady(1) }).join('\n');
    expect(text).toContain('1 of 2 tasks completed');
    expect(text).toMatch(/to go +1 task, in about/);
    expect(textOf({ counts: { ...counts, active: 0 }, completed: steady(1) })[2]).toBe(
      '  1 of 1 task completed',
    );
  });

  test('says little of a job without tasks', () => {
    const counts = { active: 0, running: 0, completed: 0, succeeded: 0, failed: 0 };
    expect(textOf({ counts, completed: [] })).toEqual(['job myjob: active for 1h40m', '  it has no tasks']);
  });
});
