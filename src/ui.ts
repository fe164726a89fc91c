/** Opens the terminal UI on the configured account, or on none, when it tells how to get one. */
import { createBatchPort } from './api/batch.ts';
import type { Arguments } from './commands/command-line.ts';
import { findAccount } from './config/find-account.ts';
import { type AccountFlags, type Configuration, loadConfiguration } from './config/load.ts';
import { CredentialError, UsageError } from './lib/errors.ts';
import { VERSION } from './lib/version.ts';
import type { LogFile } from './log-file.ts';
import { type UiFlags, uiSettings, vocabulary } from './ui-settings.ts';

/**
 * Runs the UI to its end and gives the exit code; one session an account, as the user goes from one to another.
 * @throws UsageError without a terminal.
 */
export async function runUi(args: Arguments, log: LogFile): Promise<number> {
  requireTerminal();
  let command = args.text('command');
  let flags: AccountFlags = {
    account: args.text('account'),
    endpoint: args.text('endpoint'),
    accountKey: args.text('account-key'),
  };
  for (;;) {
    let next: string | undefined;
    const code = await runSession(args, log, flags, command, (account) => {
      next = account;
    });
    if (next === undefined) return code;
    flags = { account: next };
    command = undefined;
  }
}

async function runSession(
  args: Arguments,
  log: LogFile,
  accountFlags: AccountFlags,
  command: string | undefined,
  openNext: (account: string) => void,
): Promise<number> {
  const load = () => loadConfiguration(accountFlags, process.env, vocabulary());
  const flags: UiFlags = {
    refresh: args.number('refresh'),
    headless: args.flag('headless'),
    readonly: args.flag('readonly'),
    write: args.flag('write'),
  };
  const configuration = await load();
  const account = accountOf(configuration, log);
  const name = account.port?.account.name;
  const settings = await uiSettings(configuration, flags, name);
  const { runApp } = await import('./app.tsx');
  return runApp({
    ...account,
    settings,
    reload: async () => uiSettings(await load(), flags, name),
    openNext,
    version: VERSION,
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
