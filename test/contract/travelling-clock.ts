import { type Clock, type Instant, SystemClock } from '../../emulator/clock.ts';

interface Alarm {
  readonly due: Instant;
  ring(): void;
}

/**
 * The machine's clock, which a test can put forward: whatever is due by then happens at once. It can also be held,
 * for a look at what soon passes by.
 */
export class TravellingClock implements Clock {
  readonly #system = new SystemClock();
  readonly #alarms = new Set<Alarm>();
  #ahead = 0;
  #isHeld = false;

  now(): Instant {
    return this.#system.now() + this.#ahead;
  }

  after(milliseconds: number, action: () => void): () => void {
    let cancelTimer = () => {};
    const alarm: Alarm = {
      due: this.now() + milliseconds * 1000,
      ring: () => {
        if (this.#isHeld) return;
        cancelTimer();
        if (this.#alarms.delete(alarm)) action();
      },
    };
    this.#alarms.add(alarm);
    cancelTimer = this.#system.after(milliseconds, () => alarm.ring());
    return () => {
      cancelTimer();
      this.#alarms.delete(alarm);
    };
  }

  /** Puts the clock forward. */
  travel(milliseconds: number): void {
    this.#ahead += milliseconds * 1000;
    this.#ringDue();
  }

  /** Runs the action, while nothing happens that waits for its time; what is due by its end happens then. */
  async hold<T>(action: () => Promise<T>): Promise<T> {
    this.#isHeld = true;
    try {
      return await action();
    } finally {
      this.#isHeld = false;
      this.#ringDue();
    }
  }

  #ringDue(): void {
    const due = [...this.#alarms].filter((alarm) => alarm.due <= this.now());
    for (const alarm of due.sort((a, b) => a.due - b.due)) alarm.ring();
  }
}
