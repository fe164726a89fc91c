import type { AccountRow } from '../resources/account.ts';
import type { DirectoryEntry } from '../resources/directory.ts';
import type { Entity } from '../resources/types.ts';
import { listView, resetViews } from '../store/views.ts';
import type { ScreenContext } from './context.ts';
import { openDirectoryEntry } from './directory.ts';

/** Goes where a row of one of azb's own lists leads; says whether the list is one. */
export function openOwnRow(context: ScreenContext, list: string, row: Entity): boolean {
  if (list === 'commands') openDirectoryEntry(context, row as DirectoryEntry);
  else if (list === 'accounts') openAccountRow(context, row as AccountRow);
  else return false;
  return true;
}

function openAccountRow({ services: { host, store } }: ScreenContext, { name, isInUse }: AccountRow): void {
  if (isInUse) resetViews(store, [listView('pools', {})]);
  else host.openAccount(name);
}
