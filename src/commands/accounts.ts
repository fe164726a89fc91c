import type { AccountRow, KnownAccount } from '../resources/account.ts';
import type { AppState, Session } from '../store/state.ts';

/** The accounts that azb knows, and the one in use wherever it was found, as it is used. */
export function accountRows({
  preferences: { accounts },
  session,
}: Pick<AppState, 'preferences' | 'session'>): readonly AccountRow[] {
  const here = accountInUse(session);
  const known = accounts.find(({ name }) => name.toLowerCase() === here?.name.toLowerCase());
  const others = accounts.filter((account) => account !== known);
  return [
    ...(here === undefined ? [] : [{ ...here, source: known?.source ?? here.source, isInUse: true }]),
    ...others.map((account) => ({ ...account, isInUse: false })),
  ];
}

function accountInUse({ account, readOnly, readOnlyReason }: Session): KnownAccount | undefined {
  if (account === undefined) return undefined;
  const { name, endpoint, region, auth, source } = account;
  const rule = readOnly ? (readOnlyReason ?? 'by --readonly') : undefined;
  return { name, endpoint, region, auth, readOnly: rule, source };
}
