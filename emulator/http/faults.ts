import type { ServerResponse } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { BLOB_OPERATIONS } from '../blobs/routes.ts';
import { BatchFault } from '../errors.ts';
import { ROUTES } from './routes.ts';

/** Something that goes wrong on purpose. */
export type Effect =
  /** The answer comes this many milliseconds later. */
  | { readonly kind: 'latency'; readonly milliseconds: number }
  /** The request is refused before anything happens; `retryAfter` in seconds goes into the header. */
  | { readonly kind: 'refuse'; readonly status: 429 | 500 | 503; readonly retryAfter: number | undefined }
  /** The connection breaks before anything happens. */
  | { readonly kind: 'drop' }
  /** The answer breaks off in the middle of its body. */
  | { readonly kind: 'truncate' }
  /** The request has its effect, and is answered with 500 all the same. */
  | { readonly kind: 'lose' };

interface Rule {
  readonly operations: RegExp;
  readonly effect: Effect;
  /** Share of the matching requests that it hits, above 0 and up to 1. */
  readonly rate: number;
}

/** What is wrong with a fault specification. */
export class FaultSpecError extends Error {
  override readonly name = 'FaultSpecError';
}

/** How specifications are written, for the help. */
export const FAULT_SYNTAX =
  'OPERATION:EFFECT[@RATE],… e.g. Task_List:429+1@0.5,*:latency=300,Job_Add:lose@1/3';

/**
 * The faults of `--fault`. Rates are kept exactly rather than by chance: at 1/3 every third request is hit, so
 * that what is seen with a specification once is seen every time.
 */
export class Faults {
  readonly #rules: readonly Rule[];
  readonly #seen: number[];

  constructor(rules: readonly Rule[] = []) {
    this.#rules = rules;
    this.#seen = rules.map(() => 0);
  }

  /** What happens to this request of an operation. */
  effectsOn(operation: string): Effect[] {
    return this.#rules.flatMap((rule, index) => {
      if (!rule.operations.test(operation)) return [];
      const before = this.#seen[index] ?? 0;
      this.#seen[index] = before + 1;
      // Tiny enough to undo what the division lost, too small to move any hit.
      const hit = Math.floor((before + 1) * rule.rate + 1e-9) > Math.floor(before * rule.rate + 1e-9);
      return hit ? [rule.effect] : [];
    });
  }
}

/**
 * Reads a specification such as `Task_List:429+1@0.5,*:latency=300`. An operation is an id of the service's
 * OpenAPI description or the name of one of the Blob service in one word, where `*` stands for any text.
 * @throws FaultSpecError
 */
export function parseFaults(text: string): Faults {
  return new Faults(
    text
      .split(',')
      .filter((part) => part.trim() !== '')
      .map((part) => parseRule(part.trim())),
  );
}

function parseRule(text: string): Rule {
  const match = /^([\w*]+):([\w=+]+)(?:@([\d./]+))?$/.exec(text);
  if (match === null) throw new FaultSpecError(`'${text}' is not of the form ${FAULT_SYNTAX}`);
  const [, operations = '', effect = '', rate = '1'] = match;
  const pattern = new RegExp(`^${operations.replaceAll('*', '.*')}$`, 'i');
  if (![...ROUTES.map(({ id }) => id), ...BLOB_OPERATIONS].some((id) => pattern.test(id))) {
    throw new FaultSpecError(
      `no operation is called '${operations}'; they are called Pool_List, GetBlob and the like`,
    );
  }
  return { operations: pattern, effect: parseEffect(effect), rate: parseRate(rate) };
}

function parseEffect(text: string): Effect {
  const latency = /^latency=(\d{1,7})$/.exec(text);
  if (latency !== null) return { kind: 'latency', milliseconds: Number(latency[1]) };
  const refusal = /^(429|500|503)(?:\+(\d{1,6}))?$/.exec(text);
  if (refusal !== null) {
    const status = Number(refusal[1]) as 429 | 500 | 503;
    return { kind: 'refuse', status, retryAfter: refusal[2] === undefined ? undefined : Number(refusal[2]) };
  }
  if (text === 'drop' || text === 'truncate' || text === 'lose') return { kind: text };
  throw new FaultSpecError(
    `'${text}' is no effect; there are latency=MS, 429, 500 and 503 (with +SECONDS for Retry-After), drop, truncate and lose`,
  );
}

function parseRate(text: string): number {
  const [above = '', below = '1'] = text.split('/');
  const rate = Number(above) / Number(below);
  if (rate > 0 && rate <= 1) return rate;
  throw new FaultSpecError(`'${text}' is no rate above 0 and up to 1`);
}

/**
 * Does what is to go wrong before the request has had any effect; `refusal` makes the refusal that it throws. The
 * answer is whether it ends there.
 */
export async function misbehaveBefore(
  effects: readonly Effect[],
  response: ServerResponse,
  refusal: (status: keyof typeof REFUSALS) => Error,
): Promise<boolean> {
  for (const effect of effects) {
    if (effect.kind === 'latency') await linger(effect.milliseconds, response);
    if (effect.kind === 'refuse') {
      if (effect.retryAfter !== undefined) response.setHeader('Retry-After', String(effect.retryAfter));
      throw refusal(effect.status);
    }
    if (effect.kind === 'drop') {
      response.destroy();
      return true;
    }
  }
  return false;
}

/** Waits, though not for a connection that has ended meanwhile: whoever stops the emulator would wait, too. */
async function linger(milliseconds: number, response: ServerResponse): Promise<void> {
  if (response.destroyed) return;
  const ended = new AbortController();
  const end = () => ended.abort();
  response.once('close', end);
  await delay(milliseconds, undefined, { signal: ended.signal }).catch(end);
  response.off('close', end);
}

const REFUSALS = { 429: 'TooManyRequests', 500: 'InternalError', 503: 'ServerBusy' } as const;

/** The refusal of a faulty request, in the service's form. */
export function refusalFor(status: keyof typeof REFUSALS): BatchFault {
  return new BatchFault(REFUSALS[status]);
}
