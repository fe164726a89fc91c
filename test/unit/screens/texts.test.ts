import { describe, expect, test } from 'vitest';
import { Palette } from '../../../src/components/palette.ts';
import { CredentialError, ServiceError } from '../../../src/lib/errors.ts';
import { stripSgr } from '../../../src/lib/style.ts';
import { jobProgress } from '../../../src/resources/progress.ts';
import { describeLines, yamlLines } from '../../../src/screens/describe.ts';
import { freshness, scopeText } from '../../../src/screens/list-title.ts';
import { ProgressLines } from '../../../src/screens/progress-lines.ts';
import { isTooSmall, tooSmallLines } from '../../../src/screens/too-small.ts';
import { ago, HOUR, NOW, nodeId } from '../../support/samples.ts';

const PALETTE = new Palette('true');
const described = (entity: object) => describeLines(PALETTE, entity, NOW).map(stripSgr);
const yaml = (entity: object) => yamlLines(PALETTE, entity).map(stripSgr);

describe('how far a job is', () => {
  test('is put in lines anew only when something of it changed: every key asks for them', () => {
    const lines = new ProgressLines();
    const told = (failed: number) =>
      jobProgress({
        job: 'myjob',
        state: 'active',
        began: NOW - HOUR,
        ended: undefined,
        counts: { active: 1, running: 0, completed: 3, succeeded: 3 - failed, failed },
        completed: [],
        running: [],
        isSample: false,
        knownFrom: undefined,
        pool: undefined,
        now: NOW,
      });
    const progress = told(0);
    const first = lines.of(PALETTE, progress, 80);
    expect(lines.of(PALETTE, progress, 80)).toBe(first);
    expect(lines.of(PALETTE, progress, 40)).not.toBe(first);
    expect(lines.of(PALETTE, told(1), 80).join()).toContain('1 of them failed');
  });
});

describe('an entity for people', () => {
  test('has readable names, aligned values, and ages beside times', () => {
    expect(
      described({ id: 'mypool', eTag: '0x8', vmSize: 'a1', creationTime: ago(2 * HOUR), resizeErrors: [] }),
    ).toEqual([
      'Id:             mypool',
      'ETag:           0x8',
      'VM Size:        a1',
      'Creation Time:  2026-03-02 10:00:00 UTC  (2h ago)',
      'Resize Errors:  none',
    ]);
  });

  test('shows what is inside, and lists item by item', () => {
    expect(
      described({
        poolInfo: { poolId: 'p' },
        env: [
          { name: 'A', value: '1' },
          { name: 'B', value: '2' },
        ],
        ids: ['x', 'y'],
        nothing: {},
        absent: null,
      }),
    ).toEqual([
      'Pool Info:',
      '  Pool Id:  p',
      'Env:',
      '  - Name:   A',
      '    Value:  1',
      '  - Name:   B',
      '    Value:  2',
      'Ids:',
      '  - x',
      '  - y',
      'Nothing:  nothing',
      'Absent:   –',
    ]);
  });

  test('obeys nothing that a value says to the terminal', () => {
    expect(described({ commandLine: 'echo \x1b[2J\n\u202eevil' })).toEqual([
      'Command Line:  echo ␛[2J⏎�evil',
    ]);
    expect(described({ 'key\x1b[2J': 'x' }).join()).not.toContain('\x1b');
    expect(yaml({ commandLine: 'echo \x1b[2J' }).join()).not.toContain('\x1b');
  });
});

describe('durations in a description', () => {
  test('are told in short beside what the service says, the endless one in words', () => {
    const limits = { maxWallClockTime: 'P10675199DT2H48M5.4775807S', retentionTime: 'P7D', wait: 'PT1H30M' };
    expect(described(limits)).toEqual([
      'Max Wall Clock Time:  P10675199DT2H48M5.4775807S  (no limit)',
      'Retention Time:       P7D  (7d)',
      'Wait:                 PT1H30M  (1h30m)',
    ]);
  });

  test('are no words that begin with a P', () => {
    expect(described({ id: 'P1-east', other: 'PT' })).toEqual(['Id:     P1-east', 'Other:  PT']);
  });
});

describe('an entity as YAML', () => {
  test('is what the service said, word for word', () => {
    expect(yaml({ id: 'p', eTag: '0x8DAD', n: 3, b: false, list: [{ name: 'a' }], empty: [] })).toEqual([
      'id: p',
      'eTag: "0x8DAD"',
      'n: 3',
      'b: false',
      'list:',
      '  - name: a',
      'empty: []',
    ]);
  });

  test('never folds long values', () => {
    const commandLine = 'word '.repeat(80).trim();
    expect(yaml({ commandLine })).toEqual([`commandLine: ${commandLine}`]);
  });
});

describe('titles', () => {
  test('name where a list lives, nodes in short', () => {
    expect(scopeText({ job: 'myjob', task: 't1' })).toBe('myjob/t1');
    expect(scopeText({ pool: 'p', node: nodeId(1) })).toBe('p/tvmps_993978b7…');
    expect(scopeText({})).toBe('');
  });

  test('say how old the data is, or why it grows older', () => {
    const text = (feed: Parameters<typeof freshness>[1]) => stripSgr(freshness(PALETTE, feed, NOW));
    const error = new Error('x') as never;
    expect(text({ status: 'loading', updatedAt: undefined, error: undefined })).toBe('');
    expect(text({ status: 'ready', updatedAt: NOW - 2000, error: undefined })).toBe(' 2s ');
    const waiting = (age: number) =>
      stripSgr(freshness(PALETTE, { status: 'ready', updatedAt: NOW - age, error: undefined }, NOW, 3));
    expect([waiting(12_000), waiting(14_000)]).toEqual([' 12s ', ' waiting: data 14s old ']);
    expect(text({ status: 'unreachable', updatedAt: NOW - 9000, error, retryAt: NOW + 4000 })).toBe(
      ' no connection: data 9s old, next try in 4s ',
    );
    const why = (failure: Error) =>
      text({ status: 'refused', updatedAt: NOW - 9000, error: failure as never }).replace(/: .*/, '');
    const answer = (status: number, code: string) => new ServiceError({ status, code, message: code });
    expect(why(new CredentialError('no'))).toBe(' refused');
    expect(why(answer(400, 'InvalidQueryParameterValue'))).toBe(' refused');
    expect(why(answer(429, 'TooManyRequests'))).toBe(' service busy');
    expect(why(answer(503, 'ServerBusy'))).toBe(' service busy');
    expect(why(answer(500, 'InternalError'))).toBe(' service failing');
    expect(why(answer(404, 'JobNotFound'))).toBe(' not there');
  });

  test('has no fault where nothing is asked any more, and says how far it is', () => {
    const feed = { status: 'ready', updatedAt: NOW - 60_000, error: undefined, note: '3 tasks' } as const;
    const text = (isAtRest: boolean) => stripSgr(freshness(PALETTE, { ...feed, isAtRest }, NOW, 3));
    expect(text(true)).toBe(' 3 tasks  1m ');
    expect(text(false)).toBe(' 3 tasks  waiting: data 1m old ');
  });
});

describe('a terminal that is too small', () => {
  test('is told so in as few cells as there are', () => {
    expect([isTooSmall(40, 10), isTooSmall(39, 10), isTooSmall(40, 9)]).toEqual([false, true, true]);
    expect(tooSmallLines(PALETTE, 40, 9).map(stripSgr).join('\n')).toContain('this terminal is 40x9');
    const narrow = tooSmallLines(PALETTE, 20, 5).map(stripSgr);
    expect(narrow.join('\n')).toContain('20x5 now');
    expect(narrow.every((line) => line.length <= 20)).toBe(true);
  });
});
