import type { AccountRow } from '../../resources/account.ts';
import { flash } from '../flash.ts';
import type { Services } from '../services.ts';
import { listView, resetViews } from '../views.ts';
import { whileBusy } from './subject.ts';

/** Goes to an account: as it is configured, or else with what Azure Resource Manager says opens it. */
export function openAccountRow(services: Services, row: AccountRow, id: string): void {
  const { host, store } = services;
  const { known, isInUse } = row;
  if (isInUse === true) resetViews(store, [listView('pools', {})]);
  else if (known !== undefined && (known.problem === undefined || row.id === undefined)) {
    host.openAccount(known.name);
  } else services.background(openManaged(services, id));
}

/** Opens an account that only Azure Resource Manager tells of. */
export async function openManaged(services: Services, account: string): Promise<void> {
  const { host, store, management } = services;
  if (management === undefined) return;
  flash(store, 'info', `opening ${account} … esc stays here`);
  const opening = new AbortController();
  store.setState({ opening });
  try {
    const access = await whileBusy(services, () => management.access(account, opening.signal));
    if (!opening.signal.aborted) host.openAccount(access.name, access);
  } catch (error) {
    if (!opening.signal.aborted) throw error;
  } finally {
    store.setState({ opening: undefined });
  }
  if (opening.signal.aborted) flash(store, 'info', `${account} was not opened`);
}
