import { describe, expect, it } from 'vitest';
import { parseCommandLine, requireOperands } from '../../../src/commands/command-line.ts';
import { COMMANDS } from '../../../src/commands/shell/table.ts';
import { UsageError } from '../../../src/lib/errors.ts';
import { nearest } from '../../../src/lib/nearest.ts';

function parse(...argv: string[]) {
  return parseCommandLine(argv, COMMANDS);
}

function failure(...argv: string[]): UsageError {
  try {
    requireOperands(parse(...argv));
  } catch (error) {
    if (error instanceof UsageError) return error;
    throw error;
  }
  throw new Error(`azb ${argv.join(' ')} was accepted`);
}

describe('a command line', () => {
  it('without a command opens the UI', () => {
    const { command, args } = parse('-c', 'tasks myjob', '--refresh=5', '--readonly');
    expect(command.name).toBe('');
    expect(args.text('command')).toBe('tasks myjob');
    expect(args.number('refresh')).toBe(5);
    expect(args.flag('readonly')).toBe(true);
    expect(args.flag('headless')).toBe(false);
  });

  it('takes options before and after the command and its operands', () => {
    const { command, args } = parse('--endpoint', 'get', 'get', 'tasks', '-j', 'j', 't1', '-ojson');
    expect(command.name).toBe('get');
    expect(args.operands).toEqual(['tasks', 't1']);
    expect(args.text('endpoint')).toBe('get');
    expect(args.text('job')).toBe('j');
    expect(args.text('output')).toBe('json');
  });

  it('lets an id begin with a dash after two dashes', () => {
    expect(parse('get', 'pools', '--', '-p1').args.operands).toEqual(['pools', '-p1']);
  });

  it('hands the words of the emulator on as they are', () => {
    const { command, words } = parse('emulator', '--port', '0', '--help', '--unheard-of');
    expect(command.name).toBe('emulator');
    expect(words).toEqual(['--port', '0', '--help', '--unheard-of']);
  });
});

it.each([
  [['gte', 'pools'], /no command gte/, 'azb get'],
  [['pools'], /no command pools/, 'azb get pools, or azb -c pools'],
  [['xyzzy'], /no command xyzzy/, 'azb help'],
  [['get', 'pools', '--outptu', 'json'], /no option --outptu/, 'azb get --output'],
  [['get', 'pools', '--tail', '3'], /azb get has no option --tail/, undefined],
  [['--read-only'], /azb has no option --read-only/, 'azb --readonly'],
  [['get', 'pools', '-j'], /-j needs a value/, 'azb get -j JOB'],
  [['get', 'pools', '-j', '-o', 'json'], /-j needs a value/, 'azb get -j JOB'],
  [['get', 'pools', '--limit', 'few'], /--limit needs a number, not few/, undefined],
  [['delete', 'pools', 'p', '--yes=no'], /--yes takes no value/, undefined],
  [['info', 'extra'], /no use for extra/, 'azb help info'],
  [['logs'], /azb logs needs JOB\/TASK/, 'azb help logs'],
  [['delete', 'pools'], /azb delete needs RESOURCE ID/, 'azb help delete'],
])('azb %j is wrong usage', (argv, message, next) => {
  const error = failure(...argv);
  expect(error.message).toMatch(message);
  expect(error.exitCode).toBe(2);
  if (next !== undefined) expect(error.next).toBe(next);
});

it.each([
  ['gte', 'get'],
  ['dleete', 'delete'],
  ['comp', 'completion'],
  ['GET', 'get'],
  ['qqqqq', undefined],
])('%s most likely means %s', (word, meant) => {
  expect(nearest(word, ['get', 'delete', 'completion', 'logs'])).toBe(meant);
});
