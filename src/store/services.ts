import type { BatchPort, ManagementPort } from '../api/port.ts';
import type { AppStore } from './app-store.ts';
import type { Host } from './host.ts';
import type { Listings } from './listing.ts';
import { joinPorts } from './managed-port.ts';
import type { Poller, Timing } from './poller.ts';

/** Goes to an account without leaving the one in use. */
export type ReachAccount = (name: string, isConfigured: boolean, signal: AbortSignal) => Promise<BatchPort>;

/** What the store's actions work with. Made once by the composition root. */
export interface Services {
  readonly store: AppStore;
  /** Undefined while there is no account. */
  readonly port: BatchPort | undefined;
  /** The plane that manages accounts, which is there without an account too. */
  readonly management?: ManagementPort | undefined;
  /** The port to another account: as it is configured, or else with what Azure Resource Manager says opens it. */
  readonly reach?: ReachAccount | undefined;
  readonly listings: Listings;
  readonly poller: Pick<Poller, 'refresh' | 'more' | 'slide'>;
  readonly host: Host;
  readonly timing: Timing;
  /** Lets work go on by itself; what it rejects with is shown in the flash line. */
  background(work: Promise<void>): void;
}

/** The port to both planes; without an account it knows only what is managed. */
export function portOf({ port, management }: Pick<Services, 'port' | 'management'>): BatchPort {
  if (management !== undefined) return joinPorts(port, management);
  if (port === undefined) throw new Error('an action was started without an account');
  return port;
}

/** The service's clock, in milliseconds; ours while it has told nothing of its own. */
export function serviceNow({ port, timing }: Pick<Services, 'port' | 'timing'>): number {
  return port?.now?.() ?? timing.now();
}
