import { execFileSync } from 'node:child_process';
import { expect, it } from 'vitest';
import type { BatchPort } from '../../../../src/api/port.ts';
import { completionScript } from '../../../../src/commands/shell/completion.ts';
import { helpPage } from '../../../../src/commands/shell/help.ts';
import { info } from '../../../../src/commands/shell/info.ts';
import { COMMANDS } from '../../../../src/commands/shell/table.ts';
import { RESOURCES } from '../../../../src/resources/registry.ts';
import { argumentsOf, contextOver } from './support.ts';

it('helps with every command and every option', () => {
  const overview = helpPage('');
  for (const { name, options } of COMMANDS) {
    expect(overview).toContain(`azb ${name}`);
    const page = helpPage(name);
    for (const option of Object.keys(options)) expect(page).toContain(`--${option}`);
  }
  for (const { name } of RESOURCES) expect(helpPage('get')).toContain(name);
  expect(() => helpPage('gte')).toThrow(/no command gte/);
});

it('names for each command what it can be given', () => {
  expect(helpPage('delete')).toContain('  pools ');
  expect(helpPage('delete')).not.toContain('  quotas ');
  expect(helpPage('get')).toContain('  quotas ');
});

/** What bash offers after the given words. */
function bashCompletes(...words: string[]): string[] {
  return bashAnswers('', words);
}

function bashAnswers(line: string, words: readonly string[]): string[] {
  // What it asks azb for stands in place of the ids that azb would print.
  const script = `${completionScript('bash')}
azb() { if [[ $1 == __complete && \${@: -1} != package* ]]; then printf '%s\\n' "\${@: -1}asked" "\${@: -1}for/"; fi }
COMP_LINE='${line}'; COMP_POINT=${line.length}; COMP_WORDBREAKS=' =:'
COMP_WORDS=(${words.map((word) => `'${word}'`).join(' ')}); COMP_CWORD=$((\${#COMP_WORDS[@]} - 1)); _azb
printf '%s\\n' "\${COMPREPLY[@]}"`;
  return execFileSync('bash', ['-c', script], { encoding: 'utf8' }).split('\n').filter(Boolean);
}

it('completes in bash', () => {
  expect(bashCompletes('azb', 'ge')).toEqual(['get']);
  expect(bashCompletes('azb', 'get', 'jo')).toEqual(['jobs', 'jobschedules']);
  expect(bashCompletes('azb', 'get', 'jobs', '-o', 'j')).toEqual(['json']);
  expect(bashCompletes('azb', 'logs', '--f')).toEqual(['--follow']);
  expect(bashCompletes('azb', '--reado')).toEqual(['--readonly']);
});

it('asks azb in bash for ids where some belong, and for nothing elsewhere', () => {
  for (const line of [
    ['get', 'jobs', 'x'],
    ['delete', 'tasks', '--job', 'x'],
    ['get', 'tasks', '-j', 'job', '-t', 'x'],
    ['logs', 'x'],
    ['upload', 'x'],
    ['download', 'x'],
  ]) {
    expect(bashCompletes('azb', ...line), line.join(' ')).toEqual(['xasked', 'xfor/']);
  }
  // bash takes --job=x for three words.
  expect(bashCompletes('azb', 'get', 'tasks', '--job', '=', 'x')).toEqual(['xasked', 'xfor/']);
  expect(bashCompletes('azb', 'get', 'tasks', '--job=x')).toEqual(['--job=xasked', '--job=xfor/']);
  for (const line of [
    ['get', 'x'],
    ['create', 'x'],
    ['info', 'x'],
    ['-c', 'x'],
    ['get', 'jobs', '-o', 'x'],
  ])
    expect(bashCompletes('azb', ...line), line.join(' ')).toEqual([]);
});

/** What bash offers after a line, which it takes apart at its colons as well. */
function bashCompletesLine(line: string): string[] {
  return bashAnswers(line, line.match(/:|[^ :]+/g) ?? []);
}

it('completes ids with colons in bash, which replaces what is behind the last one', () => {
  expect(bashCompletesLine('azb get jobs a:b')).toEqual(['basked', 'bfor/']);
  expect(bashCompletesLine('azb get jobs a:')).toEqual(['asked', 'for/']);
  expect(bashCompletesLine('azb delete tasks --job x:y:z')).toEqual(['zasked', 'zfor/']);
  // Another word begins behind the blank.
  expect(bashCompletesLine('azb get jobs a: b')).toEqual(['basked', 'bfor/']);
  expect(bashCompletesLine('azb get a:jo')).toEqual([]);
});

it('completes files where a command takes some', () => {
  expect(bashCompletes('azb', 'create', '-f', 'package-l')).toEqual(['package-lock.json']);
  // azb knows no ids there.
  expect(bashCompletes('azb', 'upload', 'input', 'package-l')).toEqual(['package-lock.json']);
  expect(bashCompletes('azb', 'download', 'results/', 'package-l')).toEqual(['package-lock.json']);
  for (const name of ['create', 'upload', 'download']) {
    expect(completionScript('fish')).toContain(
      `complete -c azb -n '__fish_seen_subcommand_from ${name}' -F\n`,
    );
  }
});

it('answers the tab that makes zsh load its script', () => {
  expect(completionScript('zsh')).toMatch(/funcstack\[1\].* == _azb.*_bash_complete -F _azb azb/);
});

it('has a script for each shell, and says which there are', () => {
  expect(completionScript('zsh')).toContain('#compdef azb');
  for (const { name } of COMMANDS) expect(completionScript('fish')).toContain(name);
  expect(() => completionScript('tcsh')).toThrow(/no completion for tcsh/);
});

it('tells where the account was found, and never its key', async () => {
  const { context, stdout } = contextOver({} as BatchPort);
  const key = Buffer.from('a very secret key').toString('base64');
  const accountSources = [
    { label: 'environment', account: 'acct', endpoint: 'acct.westeurope.batch.azure.com', accessKey: key },
  ];
  const configuration = { ...context.configuration, accountSources, problems: ['config.yaml:3: bad'] };
  expect(await info(argumentsOf('info'), { ...context, configuration })).toBe(0);
  expect(stdout.text()).toMatch(/account +acct \(environment\)/);
  expect(stdout.text()).toMatch(/region +westeurope/);
  expect(stdout.text()).toMatch(/auth +shared key \(environment\)/);
  expect(stdout.text()).toMatch(/problem +config\.yaml:3: bad/);
  expect(stdout.text()).not.toContain(key);
});

it('works without an account, and tells how to get one', async () => {
  const { context, stdout } = contextOver({} as BatchPort);
  expect(await info(argumentsOf('info'), context)).toBe(0);
  expect(stdout.text()).toMatch(/account +none: no Batch account is configured/);
  expect(stdout.text()).toMatch(/try +azb demo/);
});
