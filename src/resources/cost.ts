import type { PoolHours } from '../lib/node-hours.ts';
import { amount, costOf, type Prices, priceOf } from '../lib/prices.ts';
import type { Pool } from './pool.ts';
import type { JobProgress } from './progress.ts';
import type { Column, Entity } from './types.ts';
import type { VmSize } from './vm-size.ts';

/** A column of what something costs, and the one behind which it stands. */
interface CostColumn {
  readonly behind: string;
  readonly column: Column<Entity>;
}

function costColumn(resource: string, prices: Prices): CostColumn | undefined {
  if (resource === 'pools') return { behind: 'vmSize', column: poolCost(prices) as Column<Entity> };
  if (resource === 'nodehours') return { behind: 'coreHours', column: hoursCost(prices) as Column<Entity> };
  if (resource === 'vmsizes') return { behind: 'spot', column: sizeCost(prices) as Column<Entity> };
  return undefined;
}

/** The columns of a list, with that of what it costs where the user gives prices. */
export function withCost(
  resource: { readonly name: string; readonly columns: readonly Column<Entity>[] },
  prices: Prices | undefined,
): readonly Column<Entity>[] {
  const cost = prices === undefined ? undefined : costColumn(resource.name, prices);
  if (cost === undefined) return resource.columns;
  return resource.columns.flatMap((column) => (column.id === cost.behind ? [column, cost.column] : [column]));
}

/** What the nodes that a pool has now cost an hour. */
function poolCost(prices: Prices): Column<Pool> {
  return {
    id: 'cost',
    title: `${prices.currency}/H`,
    kind: 'number',
    wide: true,
    select: ['vmSize', 'currentDedicatedNodes', 'currentLowPriorityNodes'],
    value: ({ vmSize, currentDedicatedNodes = 0, currentLowPriorityNodes = 0 }) =>
      shown(
        costOf(priceOf(prices, vmSize), {
          dedicated: currentDedicatedNodes,
          spot: currentLowPriorityNodes,
        }),
      ),
  };
}

/** What a dedicated node of a size costs an hour. */
function sizeCost(prices: Prices): Column<VmSize> {
  return {
    id: 'cost',
    title: `${prices.currency}/H`,
    kind: 'number',
    select: [],
    value: ({ name }) => shown(priceOf(prices, name)?.dedicated),
  };
}

/** What the nodes that a pool has now have cost since they came. */
function hoursCost(prices: Prices): Column<PoolHours> {
  return {
    id: 'cost',
    title: prices.currency,
    kind: 'number',
    select: [],
    value: ({ vmSize, hours, spotHours = 0 }) =>
      shown(costOf(priceOf(prices, vmSize), { dedicated: Math.max(0, hours - spotHours), spot: spotHours })),
  };
}

function shown(value: number | undefined): number | undefined {
  return value === undefined ? undefined : amount(value);
}

/** What the tasks of a job have cost: from all on Spot nodes to all on dedicated ones, where both may be. */
export interface JobCost {
  readonly currency: string;
  readonly least: number;
  readonly most: number;
  /** The nodes whose price was taken. */
  readonly nodes: 'dedicated' | 'Spot' | 'either';
}

/**
 * What the time costs that a job's tasks took of nodes. The service does not say on which kind of node a task ran: where
 * the pool may have both, it is told from which to which. Undefined where no price of those is known.
 */
export function jobCost(
  { nodeTime, vmSize, hasDedicated, hasSpot }: JobProgress,
  prices: Prices | undefined,
): JobCost | undefined {
  const price = prices === undefined ? undefined : priceOf(prices, vmSize);
  if (prices === undefined || price === undefined) return undefined;
  // A pool that has no nodes now, and is to have none, may have had either.
  const isKnown = hasDedicated !== hasSpot;
  const hours = nodeTime / 3_600_000;
  const dedicated = isKnown && hasSpot ? undefined : price.dedicated;
  const spot = isKnown && hasDedicated ? undefined : price.spot;
  if (!isKnown && (dedicated === undefined || spot === undefined)) return undefined;
  const costs = [dedicated, spot].flatMap((each) => (each === undefined ? [] : [each * hours]));
  if (costs.length === 0) return undefined;
  const nodes = isKnown ? (hasSpot ? 'Spot' : 'dedicated') : 'either';
  return { currency: prices.currency, least: Math.min(...costs), most: Math.max(...costs), nodes };
}
