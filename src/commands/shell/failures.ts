import { AzbError, describeError, formatError } from '../../lib/errors.ts';
import type { ShellContext } from './context.ts';

/**
 * Tells what fails of many things, each with its name, while the rest goes on. A next step that was told for the one before
 * is not told again.
 */
export function failureTeller({ stderr }: ShellContext): (error: unknown, about?: string) => Promise<void> {
  let told: string | undefined;
  return async (error, about) => {
    const { next } = describeError(error);
    await stderr.write(formatError(error, about, next !== undefined && next === told));
    told = next;
  };
}

/** A file of this machine that a command was given cannot be read. */
export function unreadable(path: string, cause: unknown): AzbError {
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new AzbError(`cannot read ${path}: ${code === 'ENOENT' ? 'there is no such file' : reason}`, {
    next: `a file that you may read, seen from ${process.cwd()}`,
    cause,
  });
}
