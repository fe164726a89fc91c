import { networkError, timeoutError } from './network-errors.ts';

/** Runs a request that ends with the caller's signal or at the deadline, and names its failure. */
export async function withDeadline<T>(
  endpoint: string,
  milliseconds: number,
  signal: AbortSignal,
  run: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  signal.throwIfAborted();
  const controller = new AbortController();
  const abort = () => controller.abort(signal.reason);
  const timer = setTimeout(() => controller.abort(timeoutError(endpoint, milliseconds)), milliseconds);
  signal.addEventListener('abort', abort, { once: true });
  try {
    return await run(controller.signal);
  } catch (error) {
    if (signal.aborted) throw signal.reason;
    if (controller.signal.aborted) throw controller.signal.reason;
    throw networkError(error, endpoint);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', abort);
  }
}
