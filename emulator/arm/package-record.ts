import type { Instant } from '../clock.ts';

/** A package that comes by way of the linked storage account. */
export interface PackageRecord {
  readonly account: string;
  /** Tells an account from an earlier one of its name. */
  readonly accountCreated: Instant;
  readonly application: string;
  readonly version: string;
  readonly container: string;
  readonly blob: string;
  readonly created: Instant;
  readonly activated?: Instant;
}

/** The key under which a package is kept. */
export function keyOfPackage({
  account,
  application,
  version,
}: Pick<PackageRecord, 'account' | 'application' | 'version'>): string {
  return `${account}/${application}/${version}`;
}
