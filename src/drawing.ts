/** Draws the state of the store: the view by its painter, the chrome around it by whoever is given for it. */
import type { Palette } from './components/palette.ts';
import { chromeSize } from './screens/chrome-size.ts';
import type { ScreenContext } from './screens/context.ts';
import { windowIn } from './screens/list-window.ts';
import { paintView } from './screens/paint.ts';
import { isTooSmall, tooSmallLines } from './screens/too-small.ts';
import type { Ui } from './screens/ui-context.ts';
import { settleList } from './store/settle.ts';
import type { Surface } from './terminal/surface.ts';

/** What is drawn on, as far as drawing itself asks: its size, and that it says when that changes. */
export type Display = Pick<NodeJS.WriteStream, 'columns' | 'rows' | 'on' | 'off'>;

/** The chrome on the surface. It follows the store by itself; `draw` is for everything else. */
export interface ChromeHandle {
  draw(ui: Ui): void;
  stop(): void;
}

export interface Drawing {
  /** Draws the chrome too, from now on; until then its place is blank. */
  showChrome(start: (surface: Surface, ui: Ui) => ChromeHandle): void;
  stop(): void;
}

/** Begins to draw: whatever changes in the store is painted once a turn. */
export function startDrawing(
  context: ScreenContext,
  surface: Surface,
  palette: Palette,
  terminal: Display,
): Drawing {
  const { services, painting } = context;
  const { store } = services;
  let chrome: ChromeHandle | undefined;
  const ui = (): Ui => ({ store, palette, columns: surface.sink.columns, rows: surface.sink.rows });
  const settle = () => settleList(services, windowIn(surface.viewSize()));
  surface.setView((width, height) => {
    const { columns, rows } = surface.sink;
    if (isTooSmall(columns, rows)) return tooSmallLines(palette, columns, rows);
    return paintView(painting, store.getState(), width, height);
  });
  keepPlace();
  const onResize = () => {
    surface.resize(terminal.columns, terminal.rows);
    if (chrome === undefined) keepPlace();
    else chrome.draw(ui());
    settle();
  };
  terminal.on('resize', onResize);
  const unsubscribe = store.subscribe((state, before) => {
    if (state.preferences !== before.preferences) {
      palette.wear(state.preferences.skins[state.preferences.skin] ?? {});
      chrome?.draw(ui());
    }
    settle();
    surface.schedule();
  });
  surface.schedule();
  return {
    showChrome: (start) => {
      chrome = start(surface, ui());
    },
    stop: () => {
      unsubscribe();
      terminal.off('resize', onResize);
      chrome?.stop();
    },
  };

  function keepPlace(): void {
    const { columns, rows } = surface.sink;
    const { top, bottom } = chromeSize(store.getState(), columns, rows);
    if (!isTooSmall(columns, rows)) surface.keepPlace(top, bottom);
  }
}
