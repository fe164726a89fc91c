import { type Clock, type Instant, SystemClock } from '../../emulator/clock.ts';

interface Alarm {
  readonly due: Instant;
  ring(): void;
}

/** The machine's clock, which a test can put forward: whatever is due by then happens at once. */
export class TravellingClock implements Clock {
  readonly #system = new SystemClock();
  readonly #alarms = new Set<Alarm>();
  #ahead = 0;

  now(): Instant {
    return this.#system.now() + this.#ahead;
  }

  after(milliseconds: number, action: () => void): () => void {
    let cancelTimer = () => {};
    const alarm: Alarm = {
      due: this.now() + milliseconds * 1000,
      ring: () => {
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
    const due = [...this.#alarms].filter((alarm) => alarm.due <= this.now());
    for (const alarm of due.sort((a, b) => a.due - b.due)) alarm.ring();
  }
}
