import type { FileRef } from '../../api/port.ts';
import { earlier, lastPlace, type PaneText, placeBeyond } from '../../components/pane-lines.ts';
import { bytesText, countText } from '../../lib/units.ts';
import { startEdit } from '../../store/actions/edit.ts';
import { type AppStore, setTopView, topView } from '../../store/app-store.ts';
import { flash, flashError } from '../../store/flash.ts';
import { tailKey } from '../../store/keys-of.ts';
import type { TailView, TextView } from '../../store/state.ts';
import { MOST_FILES, nextStreams, tailName, withStreams } from '../../store/tail-names.ts';
import { textView } from '../../store/views.ts';
import type { Handlers, ScreenContext } from '../context.ts';
import { paneSize } from '../pane.ts';
import { moveTo, numberOf, placeOf, setFollowing, setTail, textHere, updatePane } from './text-here.ts';

export const TEXT_HANDLERS: Handlers = {
  'text.down': (context) => scroll(context, () => 1),
  'text.up': (context) => scroll(context, () => -1),
  'text.top': (context) => scroll(context, () => Number.NEGATIVE_INFINITY),
  'text.bottom': (context) => scroll(context, () => Number.POSITIVE_INFINITY),
  'text.pageDown': (context) => scroll(context, (height) => height),
  'text.pageUp': (context) => scroll(context, (height) => -height),
  'text.left': ({ services }) =>
    updatePane(services.store, (pane) => ({ ...pane, left: Math.max(0, pane.left - 10) })),
  'text.right': ({ services }) => updatePane(services.store, (pane) => ({ ...pane, left: pane.left + 10 })),
  'text.wrap': toggleWrap,
  'text.full': ({ services }) => updatePane(services.store, (pane) => ({ ...pane, full: !pane.full })),
  'text.copy': copyText,
  'text.save': saveText,
  'text.describe': (context) => switchFormat(context, 'describe'),
  'text.yaml': (context) => switchFormat(context, 'yaml'),
  'text.edit': ({ services }) => startEdit(services),
  'tail.follow': (context) => setFollowing(context, undefined),
  'tail.latest': (context) => scroll(context, () => Number.POSITIVE_INFINITY),
  'tail.swap': swapStream,
  'tail.older': (context) => loadOlder(context, undefined),
  'tail.reach2': (context) => loadOlder(context, 256_000),
  'tail.reach3': (context) => loadOlder(context, 1_000_000),
  'tail.reach4': (context) => loadOlder(context, 4_000_000),
  'tail.reach5': (context) => loadOlder(context, 8_000_000),
  'tail.reach6': (context) => loadOlder(context, 16_000_000),
  'tail.times': ({ services: { store } }) => {
    const view = topView(store.getState());
    if (view.kind === 'tail') setTopView(store, { ...view, times: view.times !== true });
  },
  'tail.mark': markLastLine,
};

/** Scrolling up pauses a tail; coming back to its end lets it follow again. */
function scroll(context: ScreenContext, by: (height: number) => number): void {
  const here = textHere(context);
  if (here === undefined) return;
  const { width, height } = context.services.host.viewSize();
  const size = paneSize(here.pane, width, height);
  const distance = by(size.height);
  const place = placeBeyond(here.text, placeOf(here.pane), distance, size);
  moveTo(context, here, place);
  const isAtEnd = earlier(place, lastPlace(here.text, size)) !== place;
  if (here.tail !== undefined) setFollowing(context, isAtEnd);
  if (here.tail !== undefined && place.top === 0 && distance < 0) context.services.poller.more();
}

/** The line at the top stays there; a text that then ends above the bottom moves down to it, as tails do by themselves. */
function toggleWrap(context: ScreenContext): void {
  updatePane(context.services.store, (pane) => ({ ...pane, wrap: !pane.wrap, left: 0, skip: 0 }));
  if (textHere(context)?.tail === undefined) scroll(context, () => 0);
}

function copyText(context: ScreenContext): void {
  const here = textHere(context);
  if (here === undefined) return;
  const { host, store } = context.services;
  try {
    host.copy(plainLines(here.text).join('\n'));
    flash(store, 'info', `copied ${linesText(here.text.count)}`);
  } catch (error) {
    flashError(store, error);
  }
}

function saveText(context: ScreenContext): void {
  const here = textHere(context);
  const { host, store } = context.services;
  const view = topView(store.getState());
  if (here === undefined) return;
  const name =
    view.kind === 'tail'
      ? tailName(view.files)
      : view.kind === 'text'
        ? `${view.id}.${extension(view.format)}`
        : 'help.txt';
  try {
    const path = host.saveFile(name.replaceAll(/[/ ]/g, '-'), `${plainLines(here.text).join('\n')}\n`);
    flash(store, 'info', `saved ${linesText(here.text.count)} in ${path}`);
  } catch (error) {
    flashError(store, error);
  }
}

function plainLines(text: PaneText): string[] {
  return Array.from({ length: text.count }, (_, index) => text.plain(index));
}

function linesText(count: number): string {
  return `${countText(count)} ${count === 1 ? 'line' : 'lines'}`;
}

function extension(format: TextView['format']): string {
  return format === 'yaml' ? 'yaml' : 'txt';
}

function switchFormat({ services }: ScreenContext, format: 'describe' | 'yaml'): void {
  const view = topView(services.store.getState());
  if (view.kind === 'text' && view.format !== format) {
    setTopView(services.store, textView(format, view.resource, view.scope, view.id));
  }
}

/** From stdout to stderr, to both, and back to stdout. */
function swapStream({ services: { store } }: ScreenContext): void {
  const view = topView(store.getState());
  if (view.kind !== 'tail') return;
  const next = nextStreams(view.files);
  if (next === undefined) {
    flash(store, 'info', 'only stdout.txt and stderr.txt are a pair');
  } else if (next.length > MOST_FILES) {
    flash(store, 'info', `both of so many are ${next.length} files; ${MOST_FILES} can be followed at once`);
    showFiles(store, view, withStreams(view.files, ['stdout.txt']));
  } else {
    showFiles(store, view, next);
  }
}

/** Numbers of lines mean nothing in other files. */
function showFiles(store: AppStore, view: TailView, files: readonly FileRef[]): void {
  setTopView(store, { ...view, files, pane: { ...view.pane, top: 0, match: undefined } });
}

/** Loads older lines until so many bytes of the end are held; without `reach` one piece. */
function loadOlder({ services }: ScreenContext, reach: number | undefined): void {
  const { store, poller } = services;
  const state = store.getState();
  const view = topView(state);
  const text = view.kind === 'tail' ? state.tails[tailKey(view)]?.text : undefined;
  if (view.kind !== 'tail') return;
  if (text === undefined || text.olderBytes === 0) {
    const isOne = view.files.length === 1;
    flash(store, 'info', isOne ? 'the file is held from its start' : 'the files are held from their start');
  } else if (text.bytes >= text.limit) {
    const most = bytesText(state.session.tailMegabytes * 1e6);
    flash(store, 'info', `${most} are held, as much as tailMegabytes in config.yaml allows`);
  } else if (reach !== undefined && text.bytes >= reach) {
    flash(store, 'info', 'that much is held already');
  } else {
    poller.more(reach === undefined ? undefined : Math.ceil(reach / view.files.length));
  }
}

/** Marks the last line that is seen of what has come so far, or takes its mark away: what follows a mark is new. */
function markLastLine(context: ScreenContext): void {
  const { store } = context.services;
  const view = topView(store.getState());
  const here = textHere(context);
  if (view.kind !== 'tail' || here?.tail === undefined || here.text.count === 0) return;
  const { marks } = here.tail;
  const last = numberOf(here, here.text.count - 1);
  const others = marks.filter((mark) => mark !== last);
  setTail(store, view, { marks: others.length < marks.length ? others : [...others, last] });
}
