import type { TrafficMeter } from '../api/port.ts';
import type { AppStore } from './app-store.ts';
import type { Timing } from './poller.ts';

/** What is waited for at a time, in milliseconds: a service near by answers sooner. */
const PATIENCE = 25;
/** Waits at most, in case nothing is ever asked. */
const MOST_WAITS = 12;

/**
 * Resolves when the first answer of the service is shown, or, where it takes its time, as soon as it has been asked:
 * then there is time for what takes long to load.
 */
export async function untilFirstAnswer(
  store: AppStore,
  meter: TrafficMeter | undefined,
  timing: Pick<Timing, 'setTimer'>,
): Promise<void> {
  let wasAsked = false;
  for (let waits = 0; waits < MOST_WAITS && !hasAnswer(store); waits += 1) {
    // Whoever was asked before this wait has had all of it to answer.
    if (wasAsked || meter === undefined) return;
    wasAsked = meter.total > 0;
    await answerOrPause(store, timing);
  }
}

function hasAnswer(store: AppStore): boolean {
  const { feeds, documents } = store.getState();
  return [...Object.values(feeds), ...Object.values(documents)].some(
    ({ updatedAt, error }) => updatedAt !== undefined || error !== undefined,
  );
}

function answerOrPause(store: AppStore, timing: Pick<Timing, 'setTimer'>): Promise<void> {
  return new Promise((resolve) => {
    const end = () => {
      cancel();
      unsubscribe();
      resolve();
    };
    const cancel = timing.setTimer(end, PATIENCE);
    const unsubscribe = store.subscribe(() => {
      if (hasAnswer(store)) end();
    });
  });
}
