import type { BatchPort, TrafficMeter } from '../api/port.ts';
import { type AppStore, topView } from './app-store.ts';
import type { Timing } from './poller.ts';
import type { Flash } from './state.ts';
import { refreshTotals, setTotals, totalsFromFeed } from './totals.ts';

const BEAT = 1000;
/** Beats between two counts of the account's pools and nodes. */
const TOTALS_EVERY = 15;
/** Beats that a message stays. */
const FLASH_BEATS = 8;
/** No machine is so busy that a beat is late by this. */
const SLEEP = 30_000;

export interface HeartbeatOptions {
  readonly store: AppStore;
  readonly port: BatchPort | undefined;
  readonly meter: TrafficMeter | undefined;
  readonly timing: Timing;
  /** Called once a second: ages have changed. */
  onBeat(): void;
  /** Called when so long went by between two beats that this machine must have slept: what is under way leads nowhere. */
  onWake?(): void;
}

/** What happens by the clock alone: ages tick, messages go, totals and request rates are counted. */
export function startHeartbeat(options: HeartbeatOptions): () => void {
  const { store, timing } = options;
  const abort = new AbortController();
  let beats = 0;
  let lastBeat = timing.now();
  let flashed: { readonly flash: Flash | undefined; readonly beat: number } = { flash: undefined, beat: 0 };
  let cancel: () => void = () => undefined;
  const beat = (): void => {
    cancel = timing.setTimer(beat, BEAT);
    if (timing.now() - lastBeat > SLEEP) options.onWake?.();
    lastBeat = timing.now();
    showTotals(options, beats, abort.signal);
    beats += 1;
    const { flash, requestsPerMinute } = store.getState();
    if (flash !== flashed.flash) flashed = { flash, beat: beats };
    if (flash !== undefined && beats - flashed.beat > FLASH_BEATS) store.setState({ flash: undefined });
    const requests = options.meter?.perMinute() ?? 0;
    if (isNews(requests, requestsPerMinute)) store.setState({ requestsPerMinute: requests });
    options.onBeat();
  };
  beat();
  return () => {
    cancel();
    abort.abort();
  };
}

/** The rate sways by one or two with every refresh; shown each time, it would have the header drawn each time. */
function isNews(rate: number, shown: number): boolean {
  if (rate === 0 || shown === 0) return rate !== shown;
  return Math.abs(rate - shown) > Math.max(1, shown / 10);
}

/** The list of pools on the screen knows the totals; elsewhere they are asked for now and then. */
function showTotals({ store, port }: HeartbeatOptions, beats: number, signal: AbortSignal): void {
  const view = topView(store.getState());
  const known = totalsFromFeed(store.getState());
  if (view.kind === 'list' && view.resource === 'pools' && known !== undefined) setTotals(store, known);
  else if (port !== undefined && beats % TOTALS_EVERY === 0) {
    // A failure here says nothing new: the view on the screen shows it with its next step.
    refreshTotals(store, port, signal).catch(() => undefined);
  }
}
