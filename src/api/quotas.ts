import type { ArmAccount } from './account-list.ts';
import type { BatchPort } from './port.ts';
import type { Sizes } from './vm-sizes.ts';

/** One quota of an account. */
export interface QuotaRow {
  readonly name: string;
  readonly kind: 'cores' | 'family' | 'count';
  /** Undefined where the service does not limit it. */
  readonly quota: number | undefined;
  /** Undefined where it cannot be told. */
  readonly used: number | undefined;
}

/** What an account has of what it may have. */
export interface Usage {
  /** Undefined, like `spot`, when there are nodes of a size that the location does not know. */
  readonly dedicated: number | undefined;
  readonly spot: number | undefined;
  readonly families: ReadonlyMap<string, number>;
  readonly pools: number;
  readonly jobs: number;
}

/** What is limited, the totals first, then the families that are in use or may be, then the rest. */
export function quotaRows({ properties = {} }: ArmAccount, usage: Usage | undefined): QuotaRow[] {
  const { dedicatedCoreQuotaPerVMFamily, dedicatedCoreQuotaPerVMFamilyEnforced: isEnforced } = properties;
  const families = (dedicatedCoreQuotaPerVMFamily ?? []).map(
    ({ name, coreQuota }): QuotaRow => ({
      name,
      kind: 'family',
      quota: isEnforced === false ? undefined : coreQuota,
      used: usage && (usage.families.get(name.toLowerCase()) ?? 0),
    }),
  );
  const row = (
    name: string,
    kind: QuotaRow['kind'],
    quota: number | null | undefined,
    used?: number,
  ): QuotaRow => ({
    name,
    kind,
    quota: quota ?? undefined,
    used,
  });
  return [
    row('dedicated cores', 'cores', properties.dedicatedCoreQuota, usage?.dedicated),
    row('Spot cores', 'cores', properties.lowPriorityCoreQuota, usage?.spot),
    row('pools', 'count', properties.poolQuota, usage?.pools),
    row('active jobs and schedules', 'count', properties.activeJobAndJobScheduleQuota, usage?.jobs),
    ...families.toSorted((left, right) => rank(left) - rank(right)),
  ];
}

function rank({ used = 0, quota }: QuotaRow): number {
  if (used > 0) return 0;
  return quota === 0 ? 2 : 1;
}

interface PoolLook {
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
  const families = new Map<string, number>();
  const cores = { dedicated: 0, spot: 0 };
  let isKnown = true;
  for (const { vmSize = '', currentDedicatedNodes = 0, currentLowPriorityNodes = 0 } of pools as PoolLook[]) {
    const size = sizes.get(vmSize.toLowerCase());
    if (size === undefined) {
      isKnown &&= currentDedicatedNodes + currentLowPriorityNodes === 0;
      continue;
    }
    const dedicated = size.cores * currentDedicatedNodes;
    const family = size.family.toLowerCase();
    cores.dedicated += dedicated;
    cores.spot += size.cores * currentLowPriorityNodes;
    families.set(family, (families.get(family) ?? 0) + dedicated);
  }
  const total = isKnown ? cores : { dedicated: undefined, spot: undefined };
  return { ...total, families, pools: pools.length, jobs: jobs.length + schedules.length };
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
