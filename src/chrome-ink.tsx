/** The chrome drawn by Ink. Loaded after the first paint: Ink takes longer to load than the view to be drawn. */
import { render } from 'ink';
import type { ChromeHandle } from './drawing.ts';
import { Chrome } from './screens/chrome.tsx';
import type { Ui } from './screens/ui-context.ts';
import type { Surface } from './terminal/surface.ts';

/** Lets Ink draw the chrome into the surface's sink. */
export function startChrome(surface: Surface, first: Ui): ChromeHandle {
  const ink = render(<Chrome ui={first} />, {
    stdout: surface.sink,
    debug: true,
    patchConsole: false,
    exitOnCtrlC: false,
  });
  return {
    draw: (ui) => ink.rerender(<Chrome ui={ui} />),
    stop: () => ink.unmount(),
  };
}
