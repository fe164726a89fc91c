/**
 * The composition of the shell verbs: configuration, account, adapter, verb. Nothing of the terminal UI is
 * loaded here.
 */
import { createBatchPort } from './api/batch.ts';
import { patient } from './api/patient.ts';
import { type ParsedCommand, requireOperands } from './commands/command-line.ts';
import { outputTo, type ShellContext, type Verb } from './commands/shell/context.ts';
import { findAccount } from './config/find-account.ts';
import { type Configuration, loadConfiguration } from './config/load.ts';
import type { LogFile } from './log-file.ts';

/** Loads one verb; each brings its own weight. */
const VERBS: Readonly<Record<string, () => Promise<Verb>>> = {
  get: async () => (await import('./commands/shell/get.ts')).get,
  logs: async () => (await import('./commands/shell/logs.ts')).logs,
  create: async () => (await import('./commands/shell/create.ts')).create,
  delete: async () => (await import('./commands/shell/delete.ts')).deleteByIds,
  info: async () => (await import('./commands/shell/info.ts')).info,
};

/** True for commands that {@link runVerb} knows. */
export function isVerb(name: string): boolean {
  return Object.hasOwn(VERBS, name);
}

/** Runs a verb of the shell and gives the exit code. Rejects with an AzbError for the caller to print. */
export async function runVerb(parsed: ParsedCommand, log: LogFile, signal: AbortSignal): Promise<number> {
  const load = VERBS[parsed.command.name];
  if (load === undefined) throw new Error(`${parsed.command.name} is no verb`);
  requireOperands(parsed);
  const { args } = parsed;
  const configuration = await loadConfiguration(
    { account: args.text('account'), endpoint: args.text('endpoint'), accountKey: args.text('account-key') },
    process.env,
  );
  const isInfo = parsed.command.name === 'info';
  const context = contextOf(isInfo ? await withAllProblems(configuration) : configuration, log, signal);
  // `info` lists the problems itself, in its own form.
  if (!isInfo) await warn(context);
  return (await load())(args, context);
}

/** The configuration with what is wrong with the UI's own files too, which the other verbs do not read. */
async function withAllProblems(configuration: Configuration): Promise<Configuration> {
  const { uiSettings } = await import('./ui-settings.ts');
  const flags = { refresh: undefined, headless: false, readonly: false, write: false };
  const { problems } = await uiSettings(configuration, flags, undefined);
  return { ...configuration, problems };
}

function contextOf(configuration: Configuration, log: LogFile, signal: AbortSignal): ShellContext {
  return {
    stdin: process.stdin,
    stdout: outputTo(process.stdout),
    stderr: outputTo(process.stderr),
    configuration,
    connect: () => patient(createBatchPort(findAccount(configuration.accountSources).settings, log.exchange)),
    signal,
  };
}

async function warn(context: ShellContext): Promise<void> {
  for (const problem of context.configuration.problems) await context.stderr.write(`azb: ${problem}\n`);
}
