import { visible } from './sanitise.ts';

/**
 * What went wrong, in words for the person at the keyboard: what happened, and what to try next.
 * Every error that azb expects is one of these; anything else is a bug and is shown as one.
 */
export class AzbError extends Error {
  /** The next step for the user, a sentence without a full stop, or undefined when there is none. */
  readonly next: string | undefined;
  /** Exit code of the process when this error ends it. */
  readonly exitCode: number = 1;

  constructor(message: string, options: { next?: string; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = new.target.name;
    this.next = options.next;
  }
}

/** The command line or a `:` command was written wrongly. */
export class UsageError extends AzbError {
  override readonly exitCode = 2;
}

/** No credentials, incomplete credentials, or credentials that the service does not accept. */
export class CredentialError extends AzbError {}

/** Nobody said which account is meant: nothing was asked of any. */
export class NotConfiguredError extends CredentialError {}

/** The service could not be reached: name not found, connection refused, time-out, TLS failure. */
export class UnreachableError extends AzbError {}

/** One `key: value` pair that the service adds to an error, such as PropertyName. */
export interface ErrorDetail {
  readonly key: string;
  readonly value: string;
}

/**
 * The service answered with an error.
 * @see https://learn.microsoft.com/rest/api/batchservice/batch-status-and-error-codes
 */
export class ServiceError extends AzbError {
  readonly status: number;
  /** The service's own code, such as `PoolNotFound`. */
  readonly code: string;
  readonly details: readonly ErrorDetail[];
  readonly requestId: string | undefined;
  /** Milliseconds that the service asked to wait before the next try. */
  readonly retryAfter: number | undefined;

  constructor(facts: {
    status: number;
    code: string;
    message: string;
    details?: readonly ErrorDetail[];
    requestId?: string | undefined;
    retryAfter?: number | undefined;
    next?: string | undefined;
    cause?: unknown;
  }) {
    super(facts.message, {
      ...(facts.next === undefined ? {} : { next: facts.next }),
      ...(facts.cause === undefined ? {} : { cause: facts.cause }),
    });
    this.status = facts.status;
    this.code = facts.code;
    this.details = facts.details ?? [];
    this.requestId = facts.requestId;
    this.retryAfter = facts.retryAfter;
  }
}

/**
 * The service had no time for the request, and did nothing of it: it can be sent again.
 * @see https://learn.microsoft.com/rest/api/batchservice/batch-status-and-error-codes
 */
export function isTurnedAway(error: unknown): error is ServiceError {
  return error instanceof ServiceError && (error.status === 429 || error.code === 'ServerBusy');
}

/** As long as this a service may ask to be left alone, and is. */
const LONGEST_ASKED = 5 * 60_000;

/** Milliseconds that a service asked to be left alone, five minutes at most; undefined where it named no time. */
export function askedWait(error: unknown): number | undefined {
  const asked = error instanceof ServiceError ? error.retryAfter : undefined;
  return asked === undefined ? undefined : Math.min(asked, LONGEST_ASKED);
}

/** The service does not know, or no longer knows, what it was asked for. */
export function isMissing(error: unknown): error is ServiceError {
  return error instanceof ServiceError && error.status === 404;
}

/** The error itself when azb expects it; else one with its message, so that it can be shown where it belongs. */
export function asAzbError(error: unknown): AzbError {
  if (error instanceof AzbError) return error;
  return new AzbError(error instanceof Error ? error.message : String(error), { cause: error });
}

/** An error in lines for people: the message, the service's details, then `try: …`. */
export function describeError(error: unknown): {
  message: string;
  details: string[];
  next: string | undefined;
} {
  if (error instanceof ServiceError) {
    return {
      message: `${error.message} (${error.code})`,
      details: error.details.map((detail) => `${detail.key}: ${detail.value}`),
      next: error.next,
    };
  }
  if (error instanceof AzbError) return { message: error.message, details: [], next: error.next };
  const message = error instanceof Error ? error.message : String(error);
  return {
    message: `unexpected: ${message}`,
    details: [],
    next: 'run again with --log-file azb.log and report it',
  };
}

/** The exit code that an error ends the process with: 2 for wrong usage, otherwise 1. */
export function exitCodeOf(error: unknown): number {
  return error instanceof AzbError ? error.exitCode : 1;
}

/**
 * The two-line form that every command prints on stderr; `about` names what of several things it is about, and the next
 * step is left out where it is known.
 */
export function formatError(error: unknown, about?: string, isStepKnown = false): string {
  const { message, details, next } = describeError(error);
  const lines = [
    `azb: ${about === undefined ? '' : `${about}: `}${message}`,
    ...details.map((detail) => `  ${detail}`),
  ];
  if (next !== undefined && !isStepKnown) lines.push(`  try: ${next}`);
  // What the service says, and what it calls things, goes to a terminal.
  return `${lines.join('\n').split('\n').map(visible).join('\n')}\n`;
}
