import { once } from 'node:events';
import type { Readable, Writable } from 'node:stream';
import type { BatchPort } from '../../api/port.ts';
import { type AccountSource, findAccount } from '../../config/find-account.ts';
import type { Configuration } from '../../config/load.ts';
import { readOnlyReason } from '../../config/read-only.ts';
import { AzbError, CredentialError } from '../../lib/errors.ts';
import type { Notice } from '../../store/notice.ts';
import type { Arguments } from '../command-line.ts';

/** Where a verb writes; `write` waits while the reader is behind. */
export interface Output {
  readonly isTerminal: boolean;
  /** Cells of a line, where it is a terminal. */
  readonly columns?: number | undefined;
  write(chunk: string | Uint8Array): Promise<void>;
}

/** What a verb of the shell works with. */
export interface ShellContext {
  readonly stdin: Readable & { readonly isTTY?: boolean };
  readonly stdout: Output;
  readonly stderr: Output;
  readonly configuration: Configuration;
  /**
   * Connects to the configured account, or to where accounts are managed, as the resource wants it.
   * @throws CredentialError when there is no account and one is needed.
   */
  connect(resource?: string): Promise<BatchPort>;
  /** Tells the user's webhook, where there is one. Rejects with an AzbError when it was not taken. */
  post(notice: Notice): Promise<void>;
  readonly signal: AbortSignal;
}

/** Runs a verb and gives the exit code. */
export type Verb = (args: Arguments, context: ShellContext) => Promise<number>;

/** An output over a stream of the process. */
export function outputTo(stream: Writable & { readonly isTTY?: boolean; readonly columns?: number }): Output {
  return {
    isTerminal: stream.isTTY === true,
    columns: stream.columns,
    async write(chunk) {
      if (chunk.length > 0 && !stream.write(chunk)) await once(stream, 'drain');
    },
  };
}

/**
 * Refuses a change when the configuration says so of an account that it is about, which is the one in use unless named,
 * and `--write` does not lift it.
 */
export function refuseReadOnly(
  args: Arguments,
  context: ShellContext,
  accounts: readonly (string | undefined)[] = [findAccountName(context.configuration.accountSources)],
): void {
  const flags = { readonly: false, write: args.flag('write') };
  const reasons = accounts.map((account) => readOnlyReason(context.configuration, account, flags));
  const reason = reasons.find((each) => each !== undefined);
  if (reason === undefined) return;
  throw new AzbError(`azb is read-only here: ${reason}`, { next: 'the same with --write' });
}

/** The name of the account, when one is configured; what is wrong with it is said when it is used. */
function findAccountName(sources: readonly AccountSource[]): string | undefined {
  try {
    return findAccount(sources).settings.name;
  } catch (error) {
    if (error instanceof CredentialError) return undefined;
    throw error;
  }
}
