import { AzbError, askedWait } from '../lib/errors.ts';
import type { AppStore } from './app-store.ts';
import type { Slide, Source } from './sources/source.ts';
import type { AppState } from './state.ts';

const LONGEST_WAIT = 60_000;

/** What one run does: a tick, or loading what lies beyond. */
type Step = Pick<Source, 'tick' | 'failed'>;

/** Timers and randomness, so that tests decide about both. */
export interface Timing {
  now(): number;
  setTimer(run: () => void, milliseconds: number): () => void;
  /** Between 0 and 1. */
  random(): number;
}

export interface PollerOptions {
  readonly store: AppStore;
  readonly timing: Timing;
  /** The source behind the view on the screen; undefined when the view needs none. */
  sourceOf(state: AppState): Source | undefined;
  /** Reports an error that is no AzbError: a bug. */
  onBug(error: unknown): void;
}

/**
 * Polls what is on the screen, and nothing else: leaving a view aborts its requests. Ticks never overlap. A
 * failure is shown and tried again, later and later, as the service asks or with jitter; it never ends azb.
 */
export class Poller {
  readonly #options: PollerOptions;
  #source: Source | undefined;
  #abort = new AbortController();
  #cancelTimer: () => void = () => undefined;
  #unsubscribe: () => void = () => undefined;
  #failures = 0;
  /** The slide under way. */
  #sliding: Slide | undefined;

  constructor(options: PollerOptions) {
    this.#options = options;
  }

  start(): void {
    this.#unsubscribe = this.#options.store.subscribe((state, before) => {
      if (state.views !== before.views) this.#follow(state);
    });
    this.#follow(this.#options.store.getState());
  }

  stop(): void {
    this.#unsubscribe();
    this.#leave();
    this.#source = undefined;
  }

  /** Asks again now, whatever is under way. Where the jobs are known in which something was changed, it need be no more. */
  refresh(jobs?: readonly string[]): void {
    const source = this.#source;
    if (source === undefined) return;
    this.#leave();
    source.again?.(jobs);
    this.#begin(source);
  }

  /** Loads what lies beyond what is held; does nothing where there is nothing more. */
  more(reach?: number): void {
    this.#instead((source) => source.more && ((signal) => source.more?.(signal, reach)));
  }

  /** Holds another part of a long list; does nothing where it is already on its way there. */
  slide(to: Slide): void {
    if (this.#sliding === to) return;
    this.#instead((source) => source.slide && ((signal) => source.slide?.(to, signal)));
    this.#sliding = to;
  }

  /** Does something else than the tick that is under way or due; the next tick follows after the usual time. */
  #instead(
    stepOf: (source: Source) => ((signal: AbortSignal) => Promise<void> | undefined) | undefined,
  ): void {
    const source = this.#source;
    const step = source === undefined ? undefined : stepOf(source);
    if (source === undefined || step === undefined) return;
    this.#cancelTimer();
    this.#sliding = undefined;
    this.#abort.abort(new DOMException('more was asked for', 'AbortError'));
    this.#abort = new AbortController();
    const once: Step = {
      tick: (signal) => step(signal) ?? Promise.resolve(),
      failed: (error, retryAt) => source.failed(error, retryAt),
    };
    this.#run(source, this.#abort.signal, once).catch((error: unknown) => this.#options.onBug(error));
  }

  #follow(state: AppState): void {
    const source = this.#options.sourceOf(state);
    if (source?.key === this.#source?.key) return;
    const before = this.#source;
    this.#leave();
    this.#source = source;
    before?.left?.();
    if (source !== undefined) this.#begin(source);
  }

  #leave(): void {
    this.#cancelTimer();
    this.#abort.abort(new DOMException('the view was left', 'AbortError'));
    this.#failures = 0;
    this.#sliding = undefined;
  }

  #begin(source: Source): void {
    this.#abort = new AbortController();
    this.#run(source, this.#abort.signal).catch((error: unknown) => this.#options.onBug(error));
  }

  async #run(source: Source, signal: AbortSignal, step: Step = source): Promise<void> {
    const { store, timing } = this.#options;
    store.setState((state) => ({ busy: state.busy + 1 }));
    let wait = source.interval?.() ?? store.getState().session.refreshSeconds * 1000;
    try {
      await step.tick(signal);
      this.#failures = 0;
      wait = source.interval?.() ?? wait;
    } catch (error) {
      if (signal.aborted) return;
      if (!(error instanceof AzbError)) throw error;
      this.#failures += 1;
      wait = this.#backoff(error, wait);
      source.failed(error, timing.now() + wait);
    } finally {
      store.setState((state) => ({ busy: state.busy - 1 }));
    }
    if (signal.aborted) return;
    this.#sliding = undefined;
    this.#cancelTimer = timing.setTimer(() => this.#begin(source), wait);
  }

  #backoff(error: AzbError, interval: number): number {
    const asked = askedWait(error);
    if (asked !== undefined) return asked;
    // A list that is asked for seldom, because it costs much, has told nothing yet: it is tried again like the others.
    const refresh = this.#options.store.getState().session.refreshSeconds * 1000;
    const doubled = Math.min(interval, refresh) * 2 ** Math.min(this.#failures - 1, 10);
    return Math.min(doubled, LONGEST_WAIT) * (0.75 + this.#options.timing.random() / 2);
  }
}

/** The clock and the timers of this machine. */
export function systemTiming(): Timing {
  return {
    now: Date.now,
    random: Math.random,
    setTimer: (run, milliseconds) => {
      const timer = setTimeout(run, milliseconds);
      return () => clearTimeout(timer);
    },
  };
}
