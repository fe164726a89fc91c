import { describe, expect, test } from 'vitest';
import { csvLine } from '../../../src/lib/csv.ts';
import {
  AzbError,
  describeError,
  exitCodeOf,
  formatError,
  ServiceError,
  UsageError,
} from '../../../src/lib/errors.ts';
import { editDistance, nearest } from '../../../src/lib/nearest.ts';

describe('a line of CSV', () => {
  test('quotes what would break it', () => {
    expect(csvLine(['plain', 'a,b', 'say "hi"', 'two\nlines', ''])).toBe(
      'plain,"a,b","say ""hi""","two\nlines",\r\n',
    );
  });
});

describe('the nearest word', () => {
  const words = ['pools', 'nodes', 'jobs', 'tasks', 'nodecounts'];

  test.each([
    ['poosl', 'pools'],
    ['jbos', 'jobs'],
    ['TASKS', 'tasks'],
    ['nodec', 'nodes'],
    ['po', 'pools'],
    ['xyz', undefined],
    ['', undefined],
  ])('to "%s" is %s', (word, expected) => {
    expect(nearest(word, words)).toBe(expected);
  });

  test('counts a swap of neighbours as one mistake', () => {
    expect(editDistance('pools', 'poosl')).toBe(1);
    expect(editDistance('abc', '')).toBe(3);
  });
});

describe('errors in words', () => {
  const refusal = new ServiceError({
    status: 409,
    code: 'PoolExists',
    message: 'The specified pool already exists.',
    details: [{ key: 'Reason', value: 'its id is taken' }],
    next: 'choose another id',
  });

  test('say what happened, the details and the next step', () => {
    expect(formatError(refusal)).toBe(
      'azb: The specified pool already exists. (PoolExists)\n  Reason: its id is taken\n  try: choose another id\n',
    );
  });

  test('keep the name of their class, which bundling must not change', () => {
    expect(refusal.name).toBe('ServiceError');
    expect(new UsageError('x')).toBeInstanceOf(AzbError);
  });

  test('call what nobody expected a bug, and ask for a report', () => {
    const { message, next } = describeError(new TypeError('x is not a function'));
    expect(message).toBe('unexpected: x is not a function');
    expect(next).toContain('report');
  });

  test('end with 2 for wrong usage and with 1 for the rest', () => {
    expect(exitCodeOf(new UsageError('x'))).toBe(2);
    expect(exitCodeOf(refusal)).toBe(1);
    expect(exitCodeOf('x')).toBe(1);
  });
});
