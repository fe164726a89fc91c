/**
 * The composition of the shell verbs: configuration, account, adapter, verb. Nothing of the terminal UI is
 * loaded here.
 */
import { createManagementPort } from './api/arm/accounts.ts';
import { createBatchPort } from './api/batch.ts';
import type { BatchPort } from './api/port.ts';
import type { AccountSettings } from './api/settings.ts';
import { patient } from './api/wire/patient.ts';
import { type ParsedCommand, requireOperands } from './commands/command-line.ts';
import { outputTo, type ShellContext, type Verb } from './commands/shell/context.ts';
import { findAccount } from './config/find-account.ts';
import { findManagement } from './config/find-management.ts';
import { chooseStorage } from './config/find-storage.ts';
import { knownAccounts } from './config/known-accounts.ts';
import { type Configuration, loadConfiguration } from './config/load.ts';
import { notifyOf } from './config/notify.ts';
import { findAnywhere } from './find-anywhere.ts';
import { CredentialError } from './lib/errors.ts';
import type { LogFile } from './log-file.ts';
import { withUsageOfOthers } from './quotas-of-others.ts';
import { isManaged } from './resources/registry.ts';
import { joinPorts, withKnownAccounts } from './store/managed-port.ts';

/** Loads one verb; each brings its own weight. */
const VERBS: Readonly<Record<string, () => Promise<Verb>>> = {
  get: async () => (await import('./commands/shell/get.ts')).get,
  logs: async () => (await import('./commands/shell/logs.ts')).logs,
  grep: async () => (await import('./commands/shell/grep.ts')).grep,
  progress: async () => (await import('./commands/shell/progress.ts')).progress,
  wait: async () => (await import('./commands/shell/wait.ts')).wait,
  create: async () => (await import('./commands/shell/create.ts')).create,
  delete: async () => (await import('./commands/shell/delete.ts')).deleteByIds,
  upload: async () => (await import('./commands/shell/upload.ts')).upload,
  download: async () => (await import('./commands/shell/download.ts')).download,
  info: async () => (await import('./commands/shell/info.ts')).info,
};

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

/** Milliseconds that a shell waits for ids at most: whoever pressed tab goes on typing. */
const PATIENCE = 2000;

/**
 * Prints what the last word of a command line may be, a line each, for the shell's completion. Quiet: where there is no
 * account, or no answer in time, there is nothing to offer.
 */
export async function completeWord(words: readonly string[], log: LogFile): Promise<number> {
  const { idsFor, readLine } = await import('./commands/shell/complete-word.ts');
  const { wanted, text } = readLine(words);
  if (wanted === undefined) return 0;
  const signal = AbortSignal.timeout(PATIENCE);
  // A sign-in, or the search for an account in subscriptions, hears of no signal and would go on.
  signal.addEventListener('abort', () => process.exit(0), { once: true });
  try {
    const flags = { account: text('account'), endpoint: text('endpoint'), accountKey: text('account-key') };
    const configuration = await loadConfiguration(flags, process.env);
    const port = await connect(configuration, log, wanted.resource.name);
    const ids = await idsFor(port, wanted, signal);
    if (ids.length > 0) await outputTo(process.stdout).write(`${ids.join('\n')}\n`);
  } catch (error) {
    log.error(error);
  }
  return 0;
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
    connect: (resource) => connect(configuration, log, resource),
    post: async (notice) => {
      const { webhook } = notifyOf(configuration.settings);
      if (webhook === undefined) return;
      const { postWebhook } = await import('./api/wire/webhook.ts');
      await postWebhook(webhook, notice, signal);
    },
    signal,
  };
}

/** Connects to the account, and to where accounts are managed if that is what the verb is about. */
async function connect(
  configuration: Configuration,
  log: LogFile,
  resource: string | undefined,
): Promise<BatchPort> {
  if (resource === undefined || !isManaged(resource)) {
    const settings = await findAnywhere(configuration, log.exchange);
    const port = createBatchPort(settings, log.exchange, chooseStorage(configuration, settings));
    if (resource !== 'applications') return waitingFor(port);
    // They are listed by the account, and changed where it is managed.
    return waitingFor(
      joinPorts(port, createManagementPort(findManagement(configuration, settings), log.exchange)),
    );
  }
  const account = accountIfAny(() => findAccount(configuration.accountSources).settings);
  const data = account === undefined ? undefined : createBatchPort(account, log.exchange);
  const plane = createManagementPort(findManagement(configuration, account), log.exchange);
  const open = (access: AccountSettings) => createBatchPort(access, log.exchange);
  const management =
    resource === 'quotas' ? withUsageOfOthers(plane, open, (line) => void tell(line)) : plane;
  const flags = { readonly: false, write: true };
  const known = knownAccounts(configuration, flags);
  const here = known.find(({ name }) => name.toLowerCase() === account?.name.toLowerCase());
  // An account whose endpoint nobody knows is known by its name where accounts are managed.
  const named = configuration.accountSources.find((source) => source.account !== undefined)?.account;
  return waitingFor(withKnownAccounts(joinPorts(data, management, named), { known, here }));
}

function tell(line: string): Promise<void> {
  return outputTo(process.stderr).write(`azb: ${line}\n`);
}

/** The port that waits for a busy service, and says so. */
function waitingFor(port: BatchPort): BatchPort {
  return patient(port, undefined, tell);
}

/** What is managed can be asked for without an account. */
function accountIfAny(find: () => AccountSettings): AccountSettings | undefined {
  try {
    return find();
  } catch (error) {
    if (error instanceof CredentialError) return undefined;
    throw error;
  }
}

async function warn(context: ShellContext): Promise<void> {
  for (const problem of context.configuration.problems) await context.stderr.write(`azb: ${problem}\n`);
}
