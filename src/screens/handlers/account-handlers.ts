import { type AccountRow, readOnlyRule } from '../../resources/account.ts';
import type { AccountKey } from '../../resources/account-key.ts';
import { flash, flashError } from '../../store/flash.ts';
import { toggleKey } from '../../store/sources/account-key-source.ts';
import { listView, pushView } from '../../store/views.ts';
import type { ScreenContext } from '../context.ts';
import { rowHere } from '../row-here.ts';

export function openAccountKeys(context: ScreenContext): void {
  const { store } = context.services;
  const here = managedRow(context);
  if (here === undefined) return;
  const rule = readOnlyRule(here.row as AccountRow);
  if (rule !== undefined) {
    flash(store, 'warn', `the keys of ${here.id} are not shown: it is read-only, ${rule}`);
    return;
  }
  pushView(store, listView('accountkeys', { account: here.id }));
}

export function openQuotas(context: ScreenContext): void {
  const here = managedRow(context);
  if (here === undefined) return;
  const scope = (here.row as AccountRow).isInUse === true ? {} : { account: here.id };
  pushView(context.services.store, listView('quotas', scope));
}

/** The account under the cursor, if Azure Resource Manager knows it; says so when not. */
function managedRow(context: ScreenContext) {
  const here = rowHere(context);
  if (here === undefined || (here.row as AccountRow).id !== undefined) return here;
  const { store, management } = context.services;
  const host = management?.host ?? 'Azure Resource Manager';
  flash(store, 'warn', `${host} has not shown the account ${here.id}: only the configuration tells of it`);
  return undefined;
}

/** Shows the key under the cursor, or hides it again. */
export function showKey(context: ScreenContext): void {
  const here = rowHere(context);
  if (here !== undefined) toggleKey(context.services.store, here.view.scope, here.id);
}

/** Copies the key under the cursor, which need not be shown for it. */
export function copyKey(context: ScreenContext): void {
  const here = rowHere(context);
  if (here === undefined) return;
  const { host, store } = context.services;
  try {
    host.copy((here.row as AccountKey).key);
    flash(store, 'info', `copied the ${here.id} key`);
  } catch (error) {
    flashError(store, error);
  }
}
