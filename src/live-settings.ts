/** Keeps a running UI in step with the user's files, and azb's own memory in step with the UI. */
import { readState, updateState } from './config/state-file.ts';
import { watchConfiguration } from './config/watch.ts';
import { isManaged, isOwnList } from './resources/registry.ts';
import { type AppStore, topView } from './store/app-store.ts';
import { flash, flashError } from './store/flash.ts';
import type { Timing } from './store/poller.ts';
import { type Memory, NO_MEMORY } from './store/preferences.ts';
import { commandOf, isSamePlace } from './store/views.ts';
import type { UiSettings } from './ui-settings.ts';

export interface LiveSettingsOptions {
  readonly store: AppStore;
  readonly timing: Timing;
  readonly folder: string;
  /** The settings at the start. */
  readonly settings: UiSettings;
  /** Reads the files again. */
  reload(): Promise<UiSettings>;
}

/** Reads the settings again whenever a file changes, and says so. Gives what ends it. */
export function followSettings({ store, timing, folder, settings, reload }: LiveSettingsOptions): () => void {
  let current = settings;
  const onChange = (): void => {
    reload()
      .then((next) => {
        if (JSON.stringify(next) === JSON.stringify(current)) return;
        takeOver(store, next, current, folder);
        current = next;
      })
      .catch((error: unknown) => flashError(store, error));
  };
  return watchConfiguration({
    folder,
    setTimer: (run, milliseconds) => timing.setTimer(run, milliseconds),
    onChange,
    onTrouble: ({ message }) =>
      flash(store, 'warn', `changes of the configuration are not noticed any more: ${message}`),
  });
}

/** Puts new settings in force. A skin that was chosen with `:skin` stays unless the files name another one. */
function takeOver(store: AppStore, next: UiSettings, before: UiSettings, folder: string): void {
  const { readOnly, readOnlyReason, refreshSeconds, rowLimit, tailMegabytes, preferences } = next;
  store.setState((state) => {
    const chosen = state.preferences.skin;
    const isKept = preferences.skin === before.preferences.skin && Object.hasOwn(preferences.skins, chosen);
    return {
      session: { ...state.session, readOnly, readOnlyReason, refreshSeconds, rowLimit, tailMegabytes },
      preferences: isKept ? { ...preferences, skin: chosen } : preferences,
    };
  });
  if (!tellProblems(store, next, folder)) flash(store, 'info', 'configuration read again');
}

/** Says in one line what is wrong with the user's files; says whether anything is. */
export function tellProblems(store: AppStore, { problems }: UiSettings, folder: string): boolean {
  const [first, ...others] = problems;
  if (first === undefined) return false;
  const text = first.startsWith(folder) ? first.slice(folder.length + 1) : first;
  const more = others.length === 0 ? '' : ` (and ${others.length} more: azb info lists them)`;
  flash(store, 'warn', text + more);
  return true;
}

/** Reads what azb remembers. */
export async function recallMemory(path: string): Promise<Memory> {
  return (await readState(path)) ?? NO_MEMORY;
}

/** Milliseconds that changes are gathered before they are written. */
const GATHER = 1000;

/**
 * Writes down what the UI remembers, now and then and at the end, beside what others that run at once remember.
 * Where the list on the screen is one to come back to, it is remembered too. Gives what ends it.
 */
export function keepMemory(store: AppStore, timing: Timing, path: string, keepsView: boolean): () => void {
  let cancel: (() => void) | undefined;
  let isBroken = false;
  let written = store.getState().memory;
  const write = (): void => {
    cancel = undefined;
    if (isBroken) return;
    try {
      const { memory } = store.getState();
      updateState(path, written, memory);
      written = memory;
    } catch (error) {
      isBroken = true;
      const why = error instanceof Error ? error.message : String(error);
      flash(store, 'warn', `history and sorting will not be remembered: ${why}`);
    }
  };
  const unsubscribe = store.subscribe((state, before) => {
    if (keepsView && !isSamePlace(topView(state), topView(before))) rememberView(store);
    if (store.getState().memory !== before.memory) cancel ??= timing.setTimer(write, GATHER);
  });
  return () => {
    unsubscribe();
    if (cancel === undefined) return;
    cancel();
    write();
  };
}

/** The list on the screen is where azb starts the next time. */
function rememberView(store: AppStore): void {
  const state = store.getState();
  const { session, memory } = state;
  const view = topView(state);
  const account = session.account?.name;
  if (view.kind !== 'list' || account === undefined) return;
  if (isOwnList(view.resource) || isManaged(view.resource)) return;
  const command = commandOf(view);
  if (memory.lastViews[account] === command) return;
  store.setState({ memory: { ...memory, lastViews: { ...memory.lastViews, [account]: command } } });
}
