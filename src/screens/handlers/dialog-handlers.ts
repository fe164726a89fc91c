import { acceptConfirm } from '../../store/actions/actions.ts';
import { retryFailed } from '../../store/actions/run-operations.ts';
import type { ConfirmDialog } from '../../store/dialogs.ts';
import { pressPanel } from '../../store/panel.ts';
import type { Handlers, ScreenContext } from '../context.ts';
import { windowOfDialog } from '../dialog-window.ts';

export const DIALOG_HANDLERS: Handlers = {
  'dialog.next': (context) => moveFocus(context, 1),
  'dialog.previous': (context) => moveFocus(context, -1),
  'dialog.pageDown': (context) => scrollList(context, 1),
  'dialog.pageUp': (context) => scrollList(context, -1),
  'dialog.change': changeOption,
  'dialog.accept': accept,
  'dialog.retry': ({ services }) => services.background(retryFailed(services)),
  'dialog.cancel': cancel,
};

/** Places that can have the focus: Cancel, the action, then the options. */
function moveFocus({ services }: ScreenContext, by: number): void {
  movePanelFocus(services, by);
  updateConfirm(services, (dialog) => {
    const places = 2 + dialog.options.length;
    return { ...dialog, focus: (dialog.focus + by + places) % places };
  });
}

/** By as much of the list as is shown. */
function scrollList({ services: { store, host } }: ScreenContext, pages: number): void {
  const { overlay } = store.getState();
  const { width, height } = host.screenSize();
  const window = windowOfDialog(overlay, width, height);
  if (overlay === undefined || overlay.kind === 'form' || window === undefined) return;
  const first = Math.min(window.first + pages * window.height, window.total - window.height);
  store.setState({ overlay: { ...overlay, first: Math.max(0, first) } });
}

function changeOption({ services }: ScreenContext): void {
  updateConfirm(services, (dialog) => {
    const option =
      dialog.options[dialog.focus - 2] ?? (dialog.options.length === 1 ? dialog.options[0] : undefined);
    if (option === undefined) return dialog;
    const at = option.values.indexOf(dialog.chosen[option.argument] ?? '');
    const value = option.values[(at + 1) % option.values.length] ?? '';
    return { ...dialog, chosen: { ...dialog.chosen, [option.argument]: value } };
  });
}

function accept(context: ScreenContext): void {
  const { services } = context;
  const { overlay } = services.store.getState();
  if (overlay?.kind === 'panel') pressPanel(services);
  else if (overlay?.kind !== 'confirm') cancel(context);
  else if (overlay.focus >= 2) changeOption(context);
  else if (overlay.focus === 1) services.background(acceptConfirm(services, overlay));
  else cancel(context);
}

/** Running work is stopped, and stays on the screen to say how far it came; anything else is closed. */
function cancel({ services }: ScreenContext): void {
  const { overlay } = services.store.getState();
  if (overlay?.kind === 'panel' && overlay.sending) return;
  if (overlay?.kind === 'bulk' && overlay.state === 'running') overlay.abort.abort();
  else services.store.setState({ overlay: undefined });
}

function movePanelFocus({ store }: ScreenContext['services'], by: number): void {
  const { overlay } = store.getState();
  if (overlay?.kind !== 'panel') return;
  const places = overlay.buttons.length;
  store.setState({ overlay: { ...overlay, focus: (overlay.focus + by + places) % places } });
}

function updateConfirm(
  services: ScreenContext['services'],
  change: (dialog: ConfirmDialog) => ConfirmDialog,
): void {
  const { overlay } = services.store.getState();
  if (overlay?.kind === 'confirm') services.store.setState({ overlay: change(overlay) });
}
