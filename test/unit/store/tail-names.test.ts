import { describe, expect, test } from 'vitest';
import type { FileRef } from '../../../src/api/port.ts';
import { ServiceError } from '../../../src/lib/errors.ts';
import {
  distinctName,
  filesNote,
  nextStreams,
  tailCrumb,
  tailName,
  tailScope,
} from '../../../src/store/tail-names.ts';

const file = (task: string, path: string): FileRef => ({ kind: 'task', job: 'j', task, path });
const nodeFile = (node: string, path: string): FileRef => ({ kind: 'node', pool: 'p', node, path });
const BOTH = [file('t', 'stdout.txt'), file('t', 'stderr.txt')];
const MANY = [file('a', 'stdout.txt'), file('b', 'stdout.txt'), file('c', 'stdout.txt')];

describe('the files of a tail', () => {
  test('have one name together', () => {
    expect(tailName([file('t', 'wd/out.log')])).toBe('j/t/wd/out.log');
    expect(tailName(BOTH)).toBe('j/t/stdout+stderr.txt');
    expect(tailName(MANY)).toBe('j/3 tasks/stdout.txt');
    expect(tailName([nodeFile('n', 'startup/stdout.txt'), nodeFile('n', 'startup/stderr.txt')])).toBe(
      'p/n/startup/stdout+stderr.txt',
    );
    expect([tailCrumb(BOTH), tailCrumb(MANY)]).toEqual(['stdout+stderr.txt', 'stdout.txt of 3 tasks']);
  });

  test('each have what tells it from the others', () => {
    expect([distinctName(BOTH, 1), distinctName(MANY, 1)]).toEqual(['stderr.txt', 'b']);
    expect(distinctName([...BOTH, file('u', 'stdout.txt')], 2)).toBe('u/stdout.txt');
  });

  test('stand where all of them are', () => {
    expect(tailScope(BOTH)).toEqual({ job: 'j', task: 't' });
    expect(tailScope(MANY)).toEqual({ job: 'j' });
    expect(tailScope([nodeFile('n', 'x'), nodeFile('m', 'x')])).toEqual({ pool: 'p' });
  });

  test('go from stdout to stderr, to both, and back, in the folders where they are', () => {
    const seen: string[][] = [];
    let files: FileRef[] | undefined = [nodeFile('n', 'a/stdout.txt'), nodeFile('m', 'b/stdout.txt')];
    for (let times = 0; times < 3; times += 1) {
      files = nextStreams(files ?? []);
      seen.push((files ?? []).map(({ path }) => path));
    }
    expect(seen).toEqual([
      ['a/stderr.txt', 'b/stderr.txt'],
      ['a/stdout.txt', 'a/stderr.txt', 'b/stdout.txt', 'b/stderr.txt'],
      ['a/stdout.txt', 'b/stdout.txt'],
    ]);
    expect(nextStreams([file('t', 'wd/out.log')])).toBeUndefined();
  });

  test('are told of one by one, or by how many wait, have ended and are gone', () => {
    const state = (status: 'ended' | 'waiting' | 'following' | 'failed', note?: string) => ({
      status,
      note,
      error: undefined,
    });
    expect(filesNote([file('t', 'x')], [state('ended', 'it ended')])).toBe('it ended');
    expect(filesNote(BOTH, [state('ended', 'it ended'), state('ended', 'it ended')])).toBe('it ended');
    expect(filesNote(BOTH, [state('following'), state('following')])).toBeUndefined();
    const error = new ServiceError({ status: 404, code: 'TaskNotFound', message: 'there is no such task' });
    expect(filesNote(MANY, [state('ended', 'x'), state('waiting', 'y'), { ...state('failed'), error }])).toBe(
      '1 of 3 not there yet, 1 of 3 ended, c: there is no such task (TaskNotFound)',
    );
  });
});
