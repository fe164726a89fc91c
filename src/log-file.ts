import { appendFileSync } from 'node:fs';
import type { Exchange } from './api/wire/traffic.ts';
import { AzbError } from './lib/errors.ts';

/** Appends to the file of `--log-file`. Lines hold no header and no body, so no secret and no data of tasks. */
export interface LogFile {
  /** One request, once it is answered or has failed. */
  exchange(exchange: Exchange): void;
  /** An error with its stack, which people are otherwise spared. */
  error(error: unknown): void;
}

/** Opens the log; without a path it is one that writes nothing. @throws AzbError when it cannot be written. */
export function openLog(path: string | undefined): LogFile {
  if (path === undefined) return { exchange: () => {}, error: () => {} };
  begin(path);
  const append = appender(path);
  return {
    exchange: ({ method, url, outcome, milliseconds }) =>
      append(`${method} ${url} ${outcome} ${Math.round(milliseconds)}ms`),
    error: (error) => append(error instanceof Error ? (error.stack ?? error.message) : String(error)),
  };
}

function begin(path: string): void {
  try {
    appendFileSync(path, line('azb starts'));
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new AzbError(`the log file cannot be written: ${reason}`, {
      next: '--log-file with another path',
      cause,
    });
  }
}

/** A disk that is full later on must not end what the log only tells of; the next line that can be written says how many could not. */
function appender(path: string): (text: string) => void {
  let lost = 0;
  return (text) => {
    const gap = lost === 0 ? '' : line(`${lost} ${lost === 1 ? 'entry' : 'entries'} could not be written`);
    try {
      appendFileSync(path, gap + line(text));
      lost = 0;
    } catch {
      lost += 1;
    }
  };
}

function line(text: string): string {
  return `${new Date().toISOString()} ${text}\n`;
}
