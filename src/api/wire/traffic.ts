import type { TrafficMeter } from '../port.ts';

const WINDOW_MS = 60_000;

/** One request as the log tells of it. */
export interface Exchange {
  readonly method: string;
  readonly url: string;
  /** The status, or why there is none. */
  readonly outcome: string;
  readonly milliseconds: number;
}

/** Sends a request and tells of it when it is answered, or not. What gives permission in a URL is left out. */
export async function observed<Reply extends { readonly status: number }>(
  observe: (exchange: Exchange) => void,
  request: { readonly method: string; readonly url: string },
  send: () => Promise<Reply>,
): Promise<Reply> {
  const start = performance.now();
  const { method } = request;
  const url = request.url.replace(/([?&]sig=)[^&]*/gi, '$1…');
  const tell = (outcome: string) =>
    observe({ method, url, outcome, milliseconds: performance.now() - start });
  try {
    const reply = await send();
    tell(String(reply.status));
    return reply;
  } catch (error) {
    tell(error instanceof Error ? error.message : String(error));
    throw error;
  }
}

/** A meter that is told of each request; `now` gives milliseconds and exists for tests. */
export interface CountingMeter extends TrafficMeter {
  count(): void;
}

/** Makes a meter that remembers the requests of the last minute. */
export function createTrafficMeter(now: () => number = Date.now): CountingMeter {
  const recent: number[] = [];
  let total = 0;

  function forget(): void {
    const oldest = now() - WINDOW_MS;
    const kept = recent.findIndex((time) => time > oldest);
    recent.splice(0, kept === -1 ? recent.length : kept);
  }

  return {
    count() {
      forget();
      recent.push(now());
      total += 1;
    },
    perMinute() {
      forget();
      return recent.length;
    },
    get total() {
      return total;
    },
  };
}
