/** Opens the terminal UI on the configured account, or on none, when it tells how to get one. */
import { createManagementPort } from './api/arm/accounts.ts';
import { createBatchPort } from './api/batch.ts';
import type { AccountAccess, ManagementPort } from './api/port.ts';
import type { AppOptions } from './app.tsx';
import type { Arguments } from './commands/command-line.ts';
import { findManagement } from './config/find-management.ts';
import { chooseStorage } from './config/find-storage.ts';
import { settingsOfKnown } from './config/known-accounts.ts';
import { type AccountFlags, type Configuration, loadConfiguration } from './config/load.ts';
import { findAnywhere } from './find-anywhere.ts';
import { CredentialError, UsageError } from './lib/errors.ts';
import { VERSION } from './lib/version.ts';
import type { LogFile } from './log-file.ts';
import type { InputEvent } from './screens/dispatch.ts';
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
  let management: ManagementPort | undefined;
  let access: AccountAccess | undefined;
  const typedAhead: InputEvent[] = [];
  const terminal: NonNullable<AppOptions['terminal']> = {};
  try {
    for (;;) {
      const start: SessionStart = { flags, command, management, access, typedAhead, terminal };
      const ended = await runSession(args, log, start);
      if (ended.next === undefined) return ended.code;
      // Accounts are managed where they were from the start, whichever of them is looked at.
      management = ended.management;
      access = ended.next.access;
      flags = { account: ended.next.account, endpoint: access?.endpoint };
      command = undefined;
    }
  } finally {
    // The next session may not have come to be.
    terminal.screen?.leave();
  }
}

interface SessionStart {
  readonly flags: AccountFlags;
  readonly command: string | undefined;
  /** Where accounts are managed; undefined for the first session, which finds out. */
  readonly management: ManagementPort | undefined;
  /** What opens the account, where that is not configured. */
  readonly access: AccountAccess | undefined;
  readonly typedAhead: InputEvent[];
  readonly terminal: NonNullable<AppOptions['terminal']>;
}

interface SessionEnd {
  readonly code: number;
  readonly management: ManagementPort;
  /** The account that the user wants to go to. */
  readonly next: { readonly account: string; readonly access: AccountAccess | undefined } | undefined;
}

async function runSession(
  args: Arguments,
  log: LogFile,
  { flags: accountFlags, command, access, management: before, typedAhead, terminal }: SessionStart,
): Promise<SessionEnd> {
  const load = () => loadConfiguration(accountFlags, process.env, vocabulary());
  const flags: UiFlags = {
    refresh: args.number('refresh'),
    headless: args.flag('headless'),
    readonly: args.flag('readonly'),
    write: args.flag('write'),
  };
  const configuration = await load();
  const account = await accountOf(configuration, access, log);
  const name = account.port?.account.name;
  const management =
    before ?? createManagementPort(findManagement(configuration, account.settings), log.exchange);
  const settings = await uiSettings(configuration, flags, name);
  const { runApp } = await import('./app.tsx');
  let next: SessionEnd['next'];
  const { port, credentialError } = account;
  const code = await runApp({
    port,
    management,
    connect: (by) => createBatchPort(by, log.exchange),
    ...(credentialError === undefined ? {} : { credentialError }),
    settings,
    reach: async (to, isConfigured, signal) =>
      createBatchPort(
        isConfigured ? settingsOfKnown(configuration, to) : await management.access(to, signal),
        log.exchange,
      ),
    reload: async () => uiSettings(await load(), flags, name),
    openNext: (to, by) => {
      next = { account: to, access: by };
    },
    typedAhead,
    terminal,
    version: VERSION,
    ...(command === undefined ? {} : { command }),
  });
  return { code, management, next };
}

/** @throws UsageError that names the commands which need no terminal. */
function requireTerminal(): void {
  if (process.stdin.isTTY && process.stdout.isTTY) return;
  throw new UsageError('the UI needs a terminal on standard input and output', {
    next: 'azb get pools prints the same without one; azb help lists the commands',
  });
}

/** The account, as it was found before or else as it is to be found, and the port to it. */
async function accountOf(configuration: Configuration, access: AccountAccess | undefined, log: LogFile) {
  try {
    const settings = access ?? (await findAnywhere(configuration, log.exchange));
    const port = createBatchPort(settings, log.exchange, chooseStorage(configuration, settings));
    return { settings, port, credentialError: undefined };
  } catch (error) {
    if (!(error instanceof CredentialError)) throw error;
    return { settings: undefined, port: undefined, credentialError: error };
  }
}
