import { AccountKeySource } from '../store/account-key-source.ts';
import { AccountSource, type AccountSourceContext } from '../store/account-source.ts';
import type { AppStore } from '../store/create.ts';
import { EMPTY_FEED, topView } from '../store/create.ts';
import { feedKey } from '../store/keys-of.ts';
import type { Source } from '../store/source.ts';
import type { AppState, ListView } from '../store/state.ts';
import { directoryRows } from './directory.ts';

/** What the lists that are azb's own, in whole or in part, are made of. */
export interface OwnListContext extends Omit<AccountSourceContext, 'management'> {
  readonly management?: AccountSourceContext['management'];
  /** Opens an account anew, with the keys that it has now. */
  reopen?(account: string): void;
}

/** The source of a list that is more, or less, than a list of the service; undefined on every other view. */
export function ownListSource(context: OwnListContext, state: AppState): Source | undefined {
  const view = topView(state);
  return view.kind === 'list' ? sourceOf(context, view) : undefined;
}

function sourceOf({ store, now, management, reopen }: OwnListContext, view: ListView): Source | undefined {
  // azb itself may have used the key that was replaced.
  const onNewKey = (account: string): void => {
    const inUse = store.getState().session.account;
    if (inUse?.name === account && inUse.auth === 'shared key') reopen?.(account);
  };
  switch (view.resource) {
    case 'commands':
      return directorySource(store, now);
    case 'accounts':
      return new AccountSource({ store, management, now });
    case 'accountkeys':
      return management && new AccountKeySource({ store, management, now, onNewKey }, view.scope);
    default:
      return undefined;
  }
}

function directorySource(store: AppStore, now: () => number): Source {
  const key = feedKey('commands', {});
  return {
    key,
    tick: () => {
      const rows = directoryRows(store.getState());
      const feed = { ...EMPTY_FEED, status: 'ready' as const, rows, complete: true, updatedAt: now() };
      store.setState(({ feeds }) => ({ feeds: { ...feeds, [key]: feed } }));
      return Promise.resolve();
    },
    failed: () => undefined,
    forget: () => store.setState(({ feeds: { [key]: _, ...feeds } }) => ({ feeds })),
  };
}
