import { topView } from '../../store/app-store.ts';
import { flash } from '../../store/flash.ts';
import { stopPulses } from '../../store/pulse.ts';
import { stopReading } from '../../store/sources/once-source.ts';
import type { AppState, PaneState, View } from '../../store/state.ts';
import {
  historyBack,
  historyForward,
  lastView,
  openOwnList,
  popView,
  toggleHelp,
  updateList,
} from '../../store/views.ts';
import { isLow } from '../chrome-size.ts';
import type { Handlers, ScreenContext } from '../context.ts';
import { keyFor } from '../key-table.ts';
import { openPrompt } from './prompt-handlers.ts';
import { updatePane } from './text-here.ts';

export const GLOBAL_HANDLERS: Handlers = {
  'app.command': (context) => openPrompt(context, 'command', ''),
  'app.filter': (context) => openPrompt(context, 'filter', currentFilter(context.services.store.getState())),
  'app.help': ({ services }) => toggleHelp(services.store),
  'app.back': goBack,
  'app.quit': ({ services }) => services.host.quit(),
  'app.refresh': ({ services }) => {
    services.poller.refresh();
    flash(services.store, 'info', 'refreshing');
  },
  'app.redraw': ({ services }) => services.host.redraw(),
  'app.header': ({ services: { store, host } }) => {
    if (isLow(host.screenSize().height)) flash(store, 'info', 'this terminal is too low for a header');
    else store.setState((state) => ({ headerShown: !state.headerShown }));
  },
  'app.crumbs': ({ services: { store } }) => store.setState((state) => ({ crumbsShown: !state.crumbsShown })),
  'app.historyBack': ({ services }) => {
    if (!historyBack(services.store)) flash(services.store, 'info', 'this is the oldest view');
  },
  'app.historyForward': ({ services }) => {
    if (!historyForward(services.store)) flash(services.store, 'info', 'this is the newest view');
  },
  'app.lastView': ({ services }) => {
    if (!lastView(services.store)) flash(services.store, 'info', 'there was no view before this one');
  },
  'app.resources': ({ services }) => openOwnList(services.store, 'commands'),
};

function currentFilter(state: AppState): string {
  const view = topView(state);
  if (view.kind === 'list') return view.filter;
  return view.kind === 'welcome' ? '' : view.pane.find;
}

/** Stops what is under way first, then clears what narrows the view, then the marks, which may have been set under one filter after another; only then leaves. */
function goBack({ services }: ScreenContext): void {
  const { store } = services;
  const view = topView(store.getState());
  if (view.kind === 'list' && view.resource === 'accounts' && stopPulses(services)) return;
  if (view.kind === 'list' && stopReading(store, view)) {
    flash(store, 'info', `stopped; ${keyFor(store.getState(), 'app.refresh')} reads it again`);
    return;
  }
  if (view.kind === 'list' && (view.filter !== '' || view.faults || view.stateFilter !== 0)) {
    updateList(store, (list) => ({
      ...list,
      filter: '',
      faults: false,
      stateFilter: 0,
      pushedFilter: undefined,
    }));
    // What was said of the filter is over with it.
    store.setState({ flash: undefined });
    return;
  }
  if (view.kind === 'list' && view.marks.size > 0) {
    updateList(store, (list) => ({ ...list, marks: new Set() }));
    return;
  }
  if (paneOf(view)?.find) {
    updatePane(store, (pane) => ({ ...pane, find: '', only: false, match: undefined }));
    return;
  }
  if (!popView(store)) {
    const quit = keyFor(store.getState(), 'app.quit');
    flash(store, 'info', `this is the first view; ${quit} or :q quits`);
  }
}

function paneOf(view: View): PaneState | undefined {
  return view.kind === 'list' || view.kind === 'welcome' ? undefined : view.pane;
}
