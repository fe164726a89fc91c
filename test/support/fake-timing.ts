import type { Timing } from '../../src/store/poller.ts';
import { NOW } from './samples.ts';

/** A clock and timers that only a test moves. */
export class FakeTiming implements Timing {
  #now = NOW;
  #timers: { readonly at: number; readonly run: () => void }[] = [];
  /** What `random` gives. */
  chance = 0.5;

  now(): number {
    return this.#now;
  }

  /** Time goes by, and no timer runs: the machine sleeps. */
  sleep(milliseconds: number): void {
    this.#now += milliseconds;
  }

  random(): number {
    return this.chance;
  }

  setTimer(run: () => void, milliseconds: number): () => void {
    const timer = { at: this.#now + milliseconds, run };
    this.#timers.push(timer);
    return () => {
      this.#timers = this.#timers.filter((other) => other !== timer);
    };
  }

  /** Milliseconds until each timer that is set, soonest first. */
  get waits(): number[] {
    return this.#timers.map((timer) => timer.at - this.#now).sort((left, right) => left - right);
  }

  /** Runs what is due within the time, in order; `settle` lets each have its effects before the next. */
  async pass(milliseconds: number, settle: () => Promise<void>): Promise<void> {
    const until = this.#now + milliseconds;
    for (let next = this.#due(until); next !== undefined; next = this.#due(until)) {
      this.#now = Math.max(this.#now, next.at);
      this.#timers = this.#timers.filter((other) => other !== next);
      next.run();
      await settle();
    }
    this.#now = until;
    await settle();
  }

  #due(until: number): { readonly at: number; readonly run: () => void } | undefined {
    return this.#timers
      .filter((timer) => timer.at <= until)
      .reduce<{ readonly at: number; readonly run: () => void } | undefined>(
        (first, timer) => (first === undefined || timer.at < first.at ? timer : first),
        undefined,
      );
  }
}
