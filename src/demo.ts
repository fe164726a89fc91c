/** Composition of `azb demo`: an emulator in a child process, the tutorial's work, and the UI or a report. */
import { createManagementPort } from './api/arm/accounts.ts';
import { createBatchPort } from './api/batch.ts';
import type { AccountAccess, BatchPort, ManagementPort } from './api/port.ts';
import type { AccountSettings } from './api/settings.ts';
import type { Arguments } from './commands/command-line.ts';
import { outputTo } from './commands/shell/context.ts';
import { reportDemoWork, waitForDemoWork } from './commands/shell/demo-report.ts';
import { loadDemoWork } from './commands/shell/demo-work.ts';
import { startEmulatorChild } from './commands/shell/emulator-child.ts';
import { findStorage } from './config/find-storage.ts';
import { loadConfiguration } from './config/load.ts';
import { formatError, UsageError } from './lib/errors.ts';
import { VERSION } from './lib/version.ts';
import type { InputEvent } from './screens/dispatch.ts';
import { type UiFlags, uiSettings, vocabulary } from './ui-settings.ts';

/** How long the task that prints a line a second lives, on the screen and in the report. */
const TICK_SECONDS = { screen: 300, report: 5 } as const;

/** The emulator's account is there to be changed, whatever the user's files say about accounts. */
const DEMO_FLAGS: UiFlags = { refresh: 1, headless: false, readonly: false, write: true };

/** Runs the demo to its end and gives the exit code; `entry` is azb's own entry file. */
export async function runDemo(args: Arguments, entry: string): Promise<number> {
  const speed = args.number('speed') ?? 1;
  if (speed <= 0) throw new UsageError('--speed must be more than 0');
  const emulator = await startEmulatorChild(entry, speed);
  try {
    const storage = findStorage([{ label: 'demo', text: emulator.storage }], emulator.account);
    // All accounts of the emulator have the one storage account beside them.
    const connect = (account: AccountSettings) => createBatchPort(account, undefined, { settings: storage });
    const port = connect(emulator.account);
    const isTerminal = process.stdin.isTTY && process.stdout.isTTY;
    const { endpoint, credential } = emulator.account;
    const management = createManagementPort({ endpoint, credential });
    return await (isTerminal
      ? onScreen(port, management, connect, emulator.ended)
      : asReport(port, emulator.ended));
  } finally {
    await emulator.stop();
  }
}

/** The work is loaded while the UI already shows the account, so that it is seen to come. */
async function onScreen(
  port: BatchPort,
  management: ManagementPort,
  connect: (account: AccountSettings) => BatchPort,
  ended: AbortSignal,
): Promise<number> {
  const { runApp } = await import('./app.tsx');
  const leaving = new AbortController();
  const loading = loadDemoWork(port, TICK_SECONDS.screen, AbortSignal.any([ended, leaving.signal])).catch(
    (error: unknown) => (leaving.signal.aborted ? [] : [formatError(error).trimEnd()]),
  );
  const load = async () =>
    uiSettings(await loadConfiguration({}, process.env, vocabulary()), DEMO_FLAGS, port.account.name);
  const settings = async () => {
    const own = await load();
    // The demo has its one account, which is another one the next time.
    return { ...own, restoreView: false, preferences: { ...own.preferences, accounts: [] } };
  };
  let code: number;
  let here: { readonly port: BatchPort } | undefined = { port };
  const typedAhead: InputEvent[] = [];
  do {
    let next: AccountAccess | undefined;
    code = await runApp({
      port: here.port,
      management,
      connect,
      reach: async (account, _isConfigured, signal) => connect(await management.access(account, signal)),
      settings: await settings(),
      reload: settings,
      openNext: (_account, access) => {
        next = access;
      },
      typedAhead,
      version: VERSION,
      ...(here.port === port ? { notices: loading } : {}),
    });
    here = next && { port: connect(next) };
  } while (here !== undefined);
  leaving.abort();
  for (const note of await loading) process.stderr.write(`${note}\n`);
  return code;
}

async function asReport(port: BatchPort, ended: AbortSignal): Promise<number> {
  const output = outputTo(process.stdout);
  await output.write(
    `azb demo: an emulator of Azure Batch at ${port.account.endpoint} runs the tutorial's work\n`,
  );
  const notes = await loadDemoWork(port, TICK_SECONDS.report, ended);
  await waitForDemoWork(port, ended);
  await reportDemoWork(port, output, ended);
  for (const note of notes) await output.write(`\n${note}\n`);
  await output.write('\nTo see it live, run the same command in a terminal.\n');
  return 0;
}
