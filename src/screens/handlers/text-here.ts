import { type PanePlace, styledText } from '../../components/pane-lines.ts';
import { type AppStore, setTopView, topView } from '../../store/app-store.ts';
import { tailKey } from '../../store/keys-of.ts';
import type { AppState, PaneState, TailState, TailView } from '../../store/state.ts';
import type { ScreenContext } from '../context.ts';
import { helpLines } from '../help-paint.ts';
import { paneArea, type SeenText, seenText } from '../pane.ts';
import { seenTail, tailText } from '../tail-paint.ts';
import { textLines } from '../text-paint.ts';

/** Changes how the text on the screen is shown; does nothing where there is none. */
export function updatePane(store: AppStore, change: (pane: PaneState) => PaneState): void {
  const view = topView(store.getState());
  if (view.kind !== 'list' && view.kind !== 'welcome')
    setTopView(store, { ...view, pane: change(view.pane) });
}

/** The text on the screen as it is looked at. */
export interface TextHere extends SeenText {
  readonly tail: TailState | undefined;
}

/** The text on the screen, and the pane as it is really shown. */
export function textHere(context: ScreenContext): TextHere | undefined {
  const { painting, services } = context;
  const state = services.store.getState();
  const view = topView(state);
  const { width, height } = services.host.viewSize();
  switch (view.kind) {
    case 'text':
      return seenStyled(
        textLines(painting, state, view, paneArea(view.pane, width, height).width),
        view.pane,
      );
    case 'help':
      return seenStyled(
        helpLines(painting, state, view, paneArea(view.pane, width, height).width),
        view.pane,
      );
    case 'tail': {
      const text = tailText(painting, state, view);
      const tail = state.tails[tailKey(view)];
      return { ...seenTail(tail, text, view.pane, width, height), tail };
    }
    default:
      return undefined;
  }
}

function seenStyled(lines: readonly string[], pane: PaneState): TextHere {
  return { ...seenText(styledText(lines), pane), tail: undefined };
}

/** Where the screen begins. */
export function placeOf({ top, skip = 0 }: PaneState): PanePlace {
  return { top, skip };
}

/** Lets the screen begin at a place of the text as it is seen. */
export function moveTo({ services }: ScreenContext, here: TextHere, { top, skip }: PanePlace): void {
  if (here.text.count > 0)
    updatePane(services.store, (pane) => ({ ...pane, top: numberOf(here, top), skip }));
}

/** The number that a line keeps: in a tail it counts lines that are not held any more, and always those that are left out. */
export function numberOf({ lines, tail }: TextHere, line: number): number {
  return (lines?.[line] ?? line) + (tail?.text.dropped ?? 0);
}

/** Starts or stops following; `undefined` is the other of what it is. */
export function setFollowing(context: ScreenContext, following: boolean | undefined): void {
  const { store } = context.services;
  const here = textHere(context);
  const view = topView(store.getState());
  if (view.kind !== 'tail' || here?.tail === undefined) return;
  const next = following ?? !here.tail.following;
  if (next === here.tail.following) return;
  // What is on the screen when following stops is what stays on the screen.
  if (!next && following === undefined) moveTo(context, here, placeOf(here.pane));
  setTail(store, view, { following: next });
}

/** Changes what is known of a tail; nothing where it is not known at all. */
export function setTail(store: AppStore, view: TailView, change: Partial<TailState>): void {
  const key = tailKey(view);
  store.setState((state: AppState) => {
    const tail = state.tails[key];
    return tail === undefined ? {} : { tails: { ...state.tails, [key]: { ...tail, ...change } } };
  });
}
