import type { Dump } from '../resources/dump.ts';
import type { Entity } from '../resources/types.ts';
import { EMPTY_FEED, topView } from '../store/app-store.ts';
import { feedKey } from '../store/keys-of.ts';
import { AccountKeySource } from '../store/sources/account-key-source.ts';
import { AccountSource, type AccountSourceContext } from '../store/sources/account-source.ts';
import type { Source } from '../store/sources/source.ts';
import type { AppState, ListView } from '../store/state.ts';
import { directoryRows } from './directory.ts';

/** What the lists that are azb's own, in whole or in part, are made of. */
export interface OwnListContext extends Omit<AccountSourceContext, 'management'> {
  readonly management?: AccountSourceContext['management'];
  /** Opens an account anew, with the keys that it has now. */
  reopen?(account: string): void;
  /** The files that were saved. */
  dumps(): readonly Dump[];
}

/** The source of a list that is more, or less, than a list of the service; undefined on every other view. */
export function ownListSource(context: OwnListContext, state: AppState): Source | undefined {
  const view = topView(state);
  return view.kind === 'list' ? sourceOf(context, view) : undefined;
}

function sourceOf(context: OwnListContext, view: ListView): Source | undefined {
  const { store, now, management, reopen } = context;
  // azb itself may have used the key that was replaced.
  const onNewKey = (account: string): void => {
    const inUse = store.getState().session.account;
    if (inUse?.name === account && inUse.auth === 'shared key') reopen?.(account);
  };
  switch (view.resource) {
    case 'commands':
      return localSource(context, 'commands', () => directoryRows(store.getState()));
    case 'dumps':
      return localSource(context, 'dumps', () => context.dumps());
    case 'accounts':
      return new AccountSource({ store, management, now });
    case 'accountkeys':
      return management && new AccountKeySource({ store, management, now, onNewKey }, view.scope);
    default:
      return undefined;
  }
}

/** A list that nobody has to be asked for. */
function localSource(
  { store, now }: Pick<OwnListContext, 'store' | 'now'>,
  name: string,
  rowsNow: () => readonly Entity[],
): Source {
  const key = feedKey(name, {});
  return {
    key,
    tick: () => {
      const rows = rowsNow();
      const feed = { ...EMPTY_FEED, status: 'ready' as const, rows, complete: true, updatedAt: now() };
      store.setState(({ feeds }) => ({ feeds: { ...feeds, [key]: feed } }));
      return Promise.resolve();
    },
    failed: () => undefined,
    forget: () => store.setState(({ feeds: { [key]: _, ...feeds } }) => ({ feeds })),
  };
}
