import { topView } from '../store/app-store.ts';
import type { AppState } from '../store/state.ts';
import { paintHelp } from './help-paint.ts';
import { paintList } from './list-paint.ts';
import { paintNodeMap } from './node-map-paint.ts';
import type { Painting } from './painting.ts';
import { paintTail } from './tail-paint.ts';
import { paintText } from './text-paint.ts';
import { paintWelcome } from './welcome-paint.ts';

/** The view on the screen as styled lines. Serves the terminal's surface and the frame tests alike. */
export function paintView(painting: Painting, state: AppState, width: number, height: number): string[] {
  const view = topView(state);
  switch (view.kind) {
    case 'list':
      return view.layout === 'map'
        ? paintNodeMap(painting, state, view, width, height)
        : paintList(painting, state, view, width, height);
    case 'text':
      return paintText(painting, state, view, width, height);
    case 'tail':
      return paintTail(painting, state, view, width, height);
    case 'help':
      return paintHelp(painting, state, view, width, height);
    case 'welcome':
      return paintWelcome(painting, state, view, width, height);
  }
}
