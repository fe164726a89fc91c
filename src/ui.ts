/** Opens the terminal UI on the configured account, or on none, when it tells how to get one. */
import { createBatchPort } from './api/batch.ts';
import type { Arguments } from './commands/command-line.ts';
import { findAccount } from './config/find-account.ts';
import { type Configuration, loadConfiguration } from './config/load.ts';
import { CredentialError, UsageError } from './lib/errors.ts';
import { VERSION } from './lib/version.ts';
import type { LogFile } from './log-file.ts';

/** Runs the UI to its end and gives the exit code. @throws UsageError without a terminal. */
export async function runUi(args: Arguments, log: LogFile): Promise<number> {
  requireTerminal();
  const configuration = await loadConfiguration(
    { account: args.text('account'), endpoint: args.text('endpoint'), accountKey: args.text('account-key') },
    process.env,
  );
  const { settings } = configuration;
  const command = args.text('command');
  const { runApp } = await import('./app.tsx');
  return runApp({
    ...accountOf(configuration, log),
    refreshSeconds: args.number('refresh') ?? settings.refreshSeconds,
    readOnly: args.flag('readonly') || (settings.readOnly && !args.flag('write')),
    headless: args.flag('headless') || settings.headless,
    version: VERSION,
    notices: Promise.resolve(configuration.problems),
    ...(command === undefined ? {} : { command }),
  });
}

/** @throws UsageError that names the commands which need no terminal. */
export function requireTerminal(): void {
  if (process.stdin.isTTY && process.stdout.isTTY) return;
  throw new UsageError('the UI needs a terminal on standard input and output', {
    next: 'azb get pools prints the same without one; azb help lists the commands',
  });
}

function accountOf(configuration: Configuration, log: LogFile) {
  try {
    return { port: createBatchPort(findAccount(configuration.accountSources).settings, log.exchange) };
  } catch (error) {
    if (!(error instanceof CredentialError)) throw error;
    return { port: undefined, credentialError: error };
  }
}
