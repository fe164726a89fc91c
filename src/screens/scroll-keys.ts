import { keyFor } from './key-table.ts';
import { useAppState } from './ui-context.ts';

/** The keys that show more of a dialog's list, as they are bound. */
export function useScrollKeys(): string {
  return useAppState((state) => `${keyFor(state, 'dialog.pageDown')} ${keyFor(state, 'dialog.pageUp')}`);
}
