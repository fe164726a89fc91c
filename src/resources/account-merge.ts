import type { AccountRow, KnownAccount } from './account.ts';

/** What is known of the accounts without asking anybody, and which of them is in use. */
export interface AccountsAtHome {
  readonly known: readonly KnownAccount[];
  /** The one in use wherever it was found, as it is used. */
  readonly here?: KnownAccount | undefined;
  /** The rule that makes an account read-only. */
  readOnlyOf?(account: string): string | undefined;
}

/**
 * The accounts of the configuration and those of Azure Resource Manager, one row each: the same name is the same
 * account, unless the endpoints tell otherwise.
 */
export function mergeAccounts(
  { known, here, readOnlyOf }: AccountsAtHome,
  arm: readonly AccountRow[],
): readonly AccountRow[] {
  const named = known.find(({ name }) => here !== undefined && sameText(name, here.name));
  const all =
    here === undefined
      ? known
      : [{ ...here, source: named?.source ?? here.source }, ...known.filter((each) => each !== named)];
  const rest = new Set(arm);
  const rows = all.map((account): AccountRow => {
    const isInUse = here !== undefined && sameText(account.name, here.name);
    const found = [...rest].find((row) => isSame(account, row));
    if (found !== undefined) rest.delete(found);
    return { ...found, name: account.name, known: account, ...(isInUse ? { isInUse } : {}) };
  });
  const others = [...rest].map((row): AccountRow => {
    const readOnly = readOnlyOf?.(row.name);
    return readOnly === undefined ? row : { ...row, readOnly };
  });
  return marked([...rows, ...others]);
}

/** Names are free once a region: where two rows share one, both tell their location. */
function marked(rows: readonly AccountRow[]): readonly AccountRow[] {
  const count = new Map<string, number>();
  for (const { name } of rows) count.set(name.toLowerCase(), (count.get(name.toLowerCase()) ?? 0) + 1);
  return rows.map((row) =>
    (count.get(row.name.toLowerCase()) ?? 0) > 1 && row.location !== undefined && row.known === undefined
      ? { ...row, isNamesake: true }
      : row,
  );
}

function isSame({ name, endpoint }: KnownAccount, row: AccountRow): boolean {
  if (!sameText(name, row.name)) return false;
  const theirs = row.properties?.accountEndpoint;
  return endpoint === undefined || theirs === undefined || hostIn(endpoint) === hostIn(theirs);
}

function hostIn(endpoint: string): string {
  return endpoint
    .replace(/^https?:\/\//, '')
    .replace(/\/.*$/, '')
    .toLowerCase();
}

function sameText(left: string, right: string): boolean {
  return left.toLowerCase() === right.toLowerCase();
}
