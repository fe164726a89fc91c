/** Joins the keyboard to the screens: every key of a read is handled before one paint, typed-ahead keys all count. */
import type { ScreenContext } from './screens/context.ts';
import type { InputEvent } from './screens/dispatch.ts';
import { isTooSmall } from './screens/too-small.ts';
import { TypeAhead } from './screens/type-ahead.ts';
import type { Keyboard } from './terminal/keyboard.ts';
import { KeyReader } from './terminal/keys.ts';
import type { Surface } from './terminal/surface.ts';

export interface KeyOptions {
  /** Keys that were typed before there was anything to take them. */
  readonly before?: readonly InputEvent[];
  /** Whether another account was asked for: the keys after that are not for this one. */
  hasEnded?(): boolean;
}

/** Reads keys until the function that it gives is called, which gives those that are for whatever comes next. */
export function readKeys(
  context: ScreenContext,
  surface: Surface,
  keyboard: Keyboard,
  { before = [], hasEnded = () => false }: KeyOptions = {},
): () => readonly InputEvent[] {
  const { store } = context.services;
  const typeAhead = new TypeAhead(context);
  const left: InputEvent[] = [];
  const take = (events: readonly InputEvent[]) => {
    for (const event of events) {
      const { opening } = store.getState();
      if (hasEnded() || (opening !== undefined && !staysHere(event, opening))) left.push(event);
      // Nobody deletes a pool by a question that the terminal is too small to show.
      else if (isTooSmall(surface.sink.columns, surface.sink.rows)) quitOn(context, event);
      else typeAhead.take(event);
    }
  };
  const handle = (events: readonly InputEvent[]) => {
    if (events.length === 0) return;
    context.painting.holdClocks();
    surface.paintAfter(() => take(events));
  };
  const reader = new KeyReader({ onTimeout: handle });
  const unsubscribe = store.subscribe(({ opening }, before) => {
    typeAhead.release();
    // What was meant for an account that did not open is meant for no other.
    if (opening === undefined && before.opening !== undefined && !hasEnded()) left.length = 0;
  });
  handle(before);
  const stopListening = keyboard.listen((typed) => handle(reader.feed(typed)));
  return () => {
    unsubscribe();
    stopListening();
    return left;
  };
}

/** Whether a key is for the account on the screen though another one is being opened: esc goes no further, ctrl-c quits. */
function staysHere(event: InputEvent, opening: AbortController): boolean {
  if (event.kind !== 'key') return false;
  if (event.key === 'esc') opening.abort();
  return event.key === 'ctrl-c';
}

/** The only key of a terminal that is too small. */
function quitOn({ services }: ScreenContext, event: InputEvent): void {
  if (event.kind === 'key' && event.key === 'ctrl-c') services.host.quit();
}
