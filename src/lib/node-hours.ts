const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const USELESS = ['starttaskfailed', 'unusable'];

/** Minutes after which an idle node is pointed out. */
export const IDLE_LONG = 15;

/** What the nodes of a pool that are there now have used since they came; made by azb, hours as numbers. */
export interface PoolHours {
  readonly pool: string;
  readonly vmSize: string | undefined;
  readonly isAutoscaled: boolean;
  readonly nodes: number;
  readonly spot: number;
  readonly idle: number;
  /** Of the idle ones those that have been for {@link IDLE_LONG} minutes. */
  readonly idleLong: number;
  /** Since when the node is idle that is so longest. */
  readonly idleSince: string | undefined;
  /** Nodes that take no tasks because something failed: they cost all the same. */
  readonly useless: number;
  readonly hours: number;
  /** Of these those of Spot nodes. */
  readonly spotHours?: number;
  readonly idleHours: number;
}

/** A pool as the service lists it, as far as its hours need it. */
export interface HourPool {
  readonly id: string;
  readonly vmSize?: string;
  readonly enableAutoScale?: boolean;
  readonly currentDedicatedNodes?: number;
  readonly currentLowPriorityNodes?: number;
}

/** A node as the service lists it, as far as the hours of its pool need it. */
export interface HourNode {
  readonly state?: string;
  readonly stateTransitionTime?: string;
  readonly allocationTime?: string;
  readonly isDedicated?: boolean;
}

/** What the nodes of a pool have used up to `now`, in milliseconds of the service's clock. */
export function poolHours(
  { id, vmSize, enableAutoScale }: HourPool,
  nodes: readonly HourNode[],
  now: number,
): PoolHours {
  const since = (text: string | undefined): number =>
    Math.max(0, now - (text === undefined ? now : Date.parse(text) || now));
  const idle = nodes.filter(({ state }) => state?.toLowerCase() === 'idle');
  const idleTimes = idle.flatMap(({ stateTransitionTime }) => stateTransitionTime ?? []).sort();
  const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0) / HOUR;
  return {
    pool: id,
    vmSize,
    isAutoscaled: enableAutoScale === true,
    nodes: nodes.length,
    spot: nodes.filter(({ isDedicated }) => isDedicated === false).length,
    idle: idle.length,
    idleLong: idleTimes.filter((text) => since(text) >= IDLE_LONG * MINUTE).length,
    idleSince: idleTimes[0],
    useless: nodes.filter(({ state = '' }) => USELESS.includes(state.toLowerCase())).length,
    hours: sum(nodes.map(({ allocationTime }) => since(allocationTime))),
    spotHours: sum(
      nodes
        .filter(({ isDedicated }) => isDedicated === false)
        .map(({ allocationTime }) => since(allocationTime)),
    ),
    idleHours: sum(idleTimes.map(since)),
  };
}
