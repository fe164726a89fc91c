import { naturalOrder } from '../../lib/natural.ts';
import type { BatchPort } from '../port.ts';
import type { ArmAccount } from './account-list.ts';
import type { Size, Sizes } from './vm-sizes.ts';

/** What a pool has of a quota. */
export interface PoolShare {
  readonly pool: string;
  readonly vmSize: string;
  readonly nodes: number;
  /** Undefined of a size that the location does not know. */
  readonly cores: number | undefined;
}

/** One quota of an account. */
export interface QuotaRow {
  readonly name: string;
  readonly kind: 'cores' | 'family' | 'count';
  /** Undefined where the service does not limit it. */
  readonly quota: number | undefined;
  /** Undefined where it cannot be told. */
  readonly used: number | undefined;
  /** The pools that use it; undefined where that cannot be told, and of what is no cores. */
  readonly usedBy?: readonly PoolShare[] | undefined;
  /** What a family has; undefined where the sizes are not known. */
  readonly sizes?: readonly Pick<Size, 'name' | 'cores'>[] | undefined;
}

/** What an account has of what it may have. */
export interface Usage {
  readonly dedicated: readonly PoolShare[];
  readonly spot: readonly PoolShare[];
  readonly pools: number;
  readonly jobs: number;
  readonly sizes: Sizes;
}

/** What is limited, the totals first, then the families that are in use or may be, then the rest. */
export function quotaRows({ properties = {} }: ArmAccount, usage: Usage | undefined): QuotaRow[] {
  const { dedicatedCoreQuotaPerVMFamily, dedicatedCoreQuotaPerVMFamilyEnforced: isEnforced } = properties;
  const families = (dedicatedCoreQuotaPerVMFamily ?? []).map(({ name, coreQuota }) => {
    const quota = isEnforced === false ? undefined : coreQuota;
    return { name, kind: 'family', quota, ...familyUse(name, usage) } as const;
  });
  const cores = (
    name: string,
    quota: number | null | undefined,
    usedBy?: readonly PoolShare[],
  ): QuotaRow => ({
    name,
    kind: 'cores',
    quota: quota ?? undefined,
    used: usedBy && sumOf(usedBy),
    usedBy,
  });
  const count = (name: string, quota: number | undefined, used?: number): QuotaRow => ({
    name,
    kind: 'count',
    quota,
    used,
  });
  return [
    cores('dedicated cores', properties.dedicatedCoreQuota, usage?.dedicated),
    cores('Spot cores', properties.lowPriorityCoreQuota, usage?.spot),
    count('pools', properties.poolQuota, usage?.pools),
    count('active jobs and schedules', properties.activeJobAndJobScheduleQuota, usage?.jobs),
    ...families.toSorted((left, right) => rank(left) - rank(right)),
  ];
}

/** What is used of a VM family, by which pools, and which sizes it has. */
function familyUse(name: string, usage: Usage | undefined): Pick<QuotaRow, 'used' | 'usedBy' | 'sizes'> {
  if (usage === undefined) return { used: undefined };
  const isOf = (vmSize: string) =>
    usage.sizes.get(vmSize.toLowerCase())?.family.toLowerCase() === name.toLowerCase();
  const usedBy = usage.dedicated.filter(({ vmSize }) => isOf(vmSize));
  const order = naturalOrder();
  const sizes = [...usage.sizes.values()]
    .filter((size) => isOf(size.name))
    .map((size) => ({ name: size.name, cores: size.cores }))
    .toSorted((left, right) => order(left.name, right.name));
  return { used: sumOf(usedBy), usedBy, sizes };
}

/** Undefined when there are nodes of a size that the location does not know. */
function sumOf(shares: readonly PoolShare[]): number | undefined {
  return shares.reduce<number | undefined>(
    (sum, { cores }) => (sum === undefined || cores === undefined ? undefined : sum + cores),
    0,
  );
}

function rank({ used = 0, quota }: QuotaRow): number {
  if (used > 0) return 0;
  return quota === 0 ? 2 : 1;
}

interface PoolLook {
  readonly id?: string;
  readonly vmSize?: string;
  readonly currentDedicatedNodes?: number;
  readonly currentLowPriorityNodes?: number;
}

/** Counts what the account behind the port has. The service counts nodes that are there, whatever they do. */
export async function fetchUsage(port: BatchPort, sizes: Sizes, signal: AbortSignal): Promise<Usage> {
  const active = "state ne 'completed'";
  const [pools, jobs, schedules] = await Promise.all([
    all(
      port,
      'pools',
      { select: ['id', 'vmSize', 'currentDedicatedNodes', 'currentLowPriorityNodes'] },
      signal,
    ),
    all(port, 'jobs', { select: ['id'], filter: active }, signal),
    all(port, 'jobschedules', { select: ['id'], filter: active }, signal),
  ]);
  const shares = (nodesOf: (pool: PoolLook) => number | undefined): PoolShare[] =>
    (pools as PoolLook[]).flatMap((look) => {
      const { id: pool = '', vmSize = '' } = look;
      const nodes = nodesOf(look) ?? 0;
      const size = sizes.get(vmSize.toLowerCase());
      return nodes === 0 ? [] : [{ pool, vmSize, nodes, cores: size && size.cores * nodes }];
    });
  return {
    dedicated: shares(({ currentDedicatedNodes }) => currentDedicatedNodes),
    spot: shares(({ currentLowPriorityNodes }) => currentLowPriorityNodes),
    pools: pools.length,
    jobs: jobs.length + schedules.length,
    sizes,
  };
}

async function all(
  port: BatchPort,
  resource: string,
  query: { readonly select: readonly string[]; readonly filter?: string },
  signal: AbortSignal,
): Promise<readonly object[]> {
  const rows: object[] = [];
  let next: string | undefined;
  do {
    const page = await port.listPage(
      resource,
      {},
      { ...query, ...(next === undefined ? {} : { next }) },
      signal,
    );
    rows.push(...page.rows);
    next = page.next;
  } while (next !== undefined);
  return rows;
}
