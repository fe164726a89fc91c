import { asAzbError } from '../lib/errors.ts';
import { whileBusy } from './actions/subject.ts';
import type { PanelButton, PanelDialog, PanelLine } from './dialogs.ts';
import type { Services } from './services.ts';

/** Opens a box of lines and buttons over the view. The first button has the focus unless told, so it should do no harm. */
export function openPanel(
  services: Services,
  panel: { title: string; lines: readonly PanelLine[]; buttons: readonly PanelButton[]; focus?: number },
): void {
  const overlay: PanelDialog = { kind: 'panel', focus: 0, ...panel, sending: false, error: undefined };
  services.store.setState({ overlay });
}

/** Presses the button that has the focus; one that closes the panel says so by its work. */
export function pressPanel(services: Services): void {
  const { overlay } = services.store.getState();
  if (overlay?.kind !== 'panel' || overlay.sending) return;
  const button = overlay.buttons[overlay.focus];
  if (button?.work === undefined) services.store.setState({ overlay: undefined });
  else services.background(runInPanel(services, overlay, button.work));
}

/** What fails stays in the panel with its reason, so that it can be tried again. */
async function runInPanel(services: Services, panel: PanelDialog, work: () => Promise<void>): Promise<void> {
  const { store } = services;
  const sending: PanelDialog = { ...panel, sending: true, error: undefined };
  const isShown = (): boolean => store.getState().overlay === sending;
  store.setState({ overlay: sending });
  await whileBusy(services, async () => {
    try {
      await work();
      if (isShown()) store.setState({ overlay: undefined });
    } catch (error) {
      if (!isShown()) throw error;
      store.setState({ overlay: { ...panel, error: asAzbError(error) } });
    }
  });
}
