import { findBinding } from '../keys/find.ts';
import { topView } from '../store/app-store.ts';
import { feedKeyOf } from '../store/keys-of.ts';
import type { AppState } from '../store/state.ts';
import type { ScreenContext } from './context.ts';
import { dispatch, type InputEvent } from './dispatch.ts';
import { keysOf } from './key-table.ts';
import { activeScopes } from './scopes.ts';

/** Bindings of tables that mean the same before any row is there. */
const WITHOUT_ROWS = /^table\.(new|wide|faults|sort\w+|state\d)$/;

/**
 * Keys that are for the rows of a list wait until its first rows have come: whoever types `enter` and then
 * `d` means the first row of the list that opens, however long the service takes. A key for azb itself, such
 * as `:` or `esc`, waits for nothing, and ends the waiting of those before it.
 */
export class TypeAhead {
  readonly #context: ScreenContext;
  #held: InputEvent[] = [];
  #isReleasing = false;

  constructor(context: ScreenContext) {
    this.#context = context;
  }

  /** Gives one input on, at once or when the rows that it is for are there. */
  take(event: InputEvent): void {
    if (this.#mustWait(event)) {
      this.#held.push(event);
      return;
    }
    const held = this.#held;
    this.#held = [];
    for (const earlier of held) dispatch(this.#context, earlier);
    dispatch(this.#context, event);
  }

  /** Gives on what was held, as far as it has not to wait again; call it when the state has changed. */
  release(): void {
    if (this.#isReleasing) return;
    this.#isReleasing = true;
    try {
      while (this.#held.length > 0 && !isLoading(this.#context)) {
        const [next, ...rest] = this.#held;
        this.#held = rest;
        if (next !== undefined) dispatch(this.#context, next);
      }
    } finally {
      this.#isReleasing = false;
    }
  }

  #mustWait(event: InputEvent): boolean {
    if (event.kind === 'paste' || !isLoading(this.#context)) return false;
    const state = this.#context.services.store.getState();
    const binding = findBinding(event.key, activeScopes(state), state.session.readOnly, keysOf(state));
    if (binding === undefined || binding.scope === 'global') return false;
    return this.#held.length > 0 || !WITHOUT_ROWS.test(binding.id);
  }
}

/** Whether a list has the keyboard whose rows, or the reason why there are none, have yet to come. */
function isLoading({ services }: ScreenContext): boolean {
  const state: AppState = services.store.getState();
  const view = topView(state);
  if (services.port === undefined || view.kind !== 'list') return false;
  if (state.overlay !== undefined || state.prompt !== undefined) return false;
  const feed = state.feeds[feedKeyOf(view)];
  if (feed?.error !== undefined) return false;
  // A row that was just made is what the next key is for; a filter may hide it, so only the next list is waited for.
  return feed?.updatedAt === undefined || feed.updatedAt <= (view.awaited?.since ?? Number.NEGATIVE_INFINITY);
}
