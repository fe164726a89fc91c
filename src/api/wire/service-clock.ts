import { CredentialError } from '../../lib/errors.ts';

/** Beyond this the clocks differ in a way that is seen; below it the way of an answer counts as much. */
const NOTICEABLE_MS = 30_000;

/** Requests that are signed this far from the service's time are near to be refused, or are. */
const SKEW_LIMIT_MS = 10 * 60_000;

/** The service's clock, as its answers tell of it. */
export interface ServiceClock {
  /** Told of the Date header of each answer. */
  saw(date: string | undefined): void;
  /** Milliseconds; by our own clock where the service's is much the same. */
  now(): number;
}

/** Makes a clock that goes as ours does until an answer tells otherwise. */
export function createServiceClock(ours: () => number = Date.now): ServiceClock {
  let ahead = 0;
  return {
    saw(date) {
      const theirs = Date.parse(date ?? '');
      if (Number.isNaN(theirs)) return;
      const difference = ours() - theirs;
      ahead = Math.abs(difference) < NOTICEABLE_MS ? 0 : difference;
    },
    now: () => ours() - ahead,
  };
}

/**
 * Why a service did not believe who azb is, where our clock is what is wrong; `date` is the header of its answer, `proof` is
 * what was not believed.
 */
export function skewError(
  date: string | undefined,
  proof: 'signature' | 'token',
  now: number = Date.now(),
): CredentialError | undefined {
  const skew = now - Date.parse(date ?? '');
  if (Number.isNaN(skew) || Math.abs(skew) < SKEW_LIMIT_MS) return undefined;
  const minutes = Math.round(Math.abs(skew) / 60_000);
  return new CredentialError(
    `the service refused the ${proof}: your clock is ${minutes} minutes ${skew > 0 ? 'ahead of' : 'behind'} the service's`,
    { next: 'set the clock (timedatectl set-ntp true) and run azb again' },
  );
}
