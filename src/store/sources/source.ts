import type { BatchPort } from '../../api/port.ts';
import { type AzbError, CredentialError, ServiceError } from '../../lib/errors.ts';
import type { AppStore } from '../app-store.ts';

/** Where the user wants to go in a list of which a part is held: a page before or after it, or to its ends. */
export type Slide = 'start' | 'earlier' | 'later' | 'end';

/** Something on the screen that is asked for again and again while it is on the screen. */
export interface Source {
  readonly key: string;
  /** Brings the store up to date once. Rejects with an AzbError when the service could not be asked. */
  tick(signal: AbortSignal): Promise<void>;
  /** Notes in the store that the tick failed, and when the next try begins (ms, our clock). */
  failed(error: AzbError, retryAt: number): void;
  /** Hears, before a tick, that the user asks anew, or that something was changed, in these jobs only where they are told. */
  again?(jobs?: readonly string[]): void;
  /** Loads what lies beyond what is held: older lines. */
  more?(signal: AbortSignal, reach?: number): Promise<void>;
  /** Holds another part of a list that is too long to be held whole. */
  slide?(to: Slide, signal: AbortSignal): Promise<void>;
  /** Drops from the store what the source holds there: its view was left long ago. */
  forget(): void;
  /** Hears at once that its view was left, when what it holds must not outlive that. */
  left?(): void;
  /** Milliseconds until the next tick, when it differs from the session's refresh. */
  interval?(): number | undefined;
}

export interface SourceContext {
  readonly store: AppStore;
  readonly port: BatchPort;
  /** Our clock, in milliseconds. */
  now(): number;
  /** Ids of the rows that the list on the screen shows, from top to bottom; those are brought up to date first. */
  visibleIds?(): readonly string[];
  /** Ids of all rows held, where the list's filter or order goes by what is asked row by row; otherwise none. */
  weighedIds?(): readonly string[];
}

/** Whether the service said no, or could not be asked. */
export function failureStatus(error: AzbError): 'refused' | 'unreachable' {
  const isRefused = error instanceof CredentialError || (error instanceof ServiceError && error.status < 500);
  return isRefused ? 'refused' : 'unreachable';
}
