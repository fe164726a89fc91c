import type { BatchPort } from '../api/port.ts';
import type { AppStore } from './create.ts';
import type { Host } from './host.ts';
import type { Listings } from './listing.ts';
import type { Poller, Timing } from './poller.ts';

/** What the store's actions work with. Made once by the composition root. */
export interface Services {
  readonly store: AppStore;
  /** Undefined while there is no account. */
  readonly port: BatchPort | undefined;
  readonly listings: Listings;
  readonly poller: Pick<Poller, 'refresh' | 'more' | 'slide'>;
  readonly host: Host;
  readonly timing: Timing;
  /** Lets work go on by itself; what it rejects with is shown in the flash line. */
  background(work: Promise<void>): void;
}

/** The port, for actions that only exist where there is an account. */
export function portOf(services: Services): BatchPort {
  if (services.port === undefined) throw new Error('an action was started without an account');
  return services.port;
}
