import type { AccountRow } from '../resources/account.ts';
import type { DirectoryEntry } from '../resources/directory.ts';
import type { Line } from '../resources/line.ts';
import type { Entity } from '../resources/types.ts';
import { openAccountRow } from '../store/actions/open-account.ts';
import { flashError } from '../store/flash.ts';
import type { ScreenContext } from './context.ts';
import { openDirectoryEntry } from './directory.ts';
import { showKey } from './handlers/account-handlers.ts';
import { openLine } from './handlers/line-handlers.ts';

function openDump({ services: { host, store } }: ScreenContext, path: string): void {
  try {
    host.editFile(path);
  } catch (error) {
    flashError(store, error);
  }
}

/** Goes where a row of one of azb's own lists leads; says whether the list is one. */
export function openOwnRow(context: ScreenContext, list: string, row: Entity, id: string): boolean {
  if (list === 'commands') openDirectoryEntry(context, row as DirectoryEntry);
  else if (list === 'accounts') openAccountRow(context.services, row as AccountRow, id);
  else if (list === 'accountkeys') showKey(context);
  else if (list === 'lines') openLine(context, row as Line);
  else if (list === 'dumps') openDump(context, id);
  else return false;
  return true;
}
