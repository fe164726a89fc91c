import type { Instant } from '../clock.ts';
import type { Application } from '../packages/application-catalog.ts';
import type { AccountRecord } from './account-record.ts';

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

/** Whether a package is one of this application. Another account of the same name may have been there before. */
export function isPackageOf(
  record: PackageRecord,
  { name, created }: AccountRecord,
  { id }: Application,
): boolean {
  return record.account === name && record.accountCreated === created && record.application === id;
}
