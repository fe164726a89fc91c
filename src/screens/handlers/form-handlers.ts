import type { FormDialog } from '../../store/dialogs.ts';
import { flash } from '../../store/flash.ts';
import { editBody, submitForm } from '../../store/forms/form-submit.ts';
import {
  cycleChoice,
  editField,
  focusedField,
  formButtons,
  isTyped,
  moveFocus,
  shownFields,
  updateForm,
} from '../../store/forms/forms.ts';
import {
  acceptPicker,
  canPick,
  closePicker,
  movePicker,
  openPicker,
  typeInPicker,
} from '../../store/forms/pickers.ts';
import type { TextEdit } from '../../store/forms/text-field.ts';
import type { Handlers, ScreenContext } from '../context.ts';

const PICKER_PAGE = 8;

export const FORM_HANDLERS: Handlers = {
  'form.next': ({ services }) => moveFocus(services, 1),
  'form.previous': ({ services }) => moveFocus(services, -1),
  'form.accept': accept,
  'form.submit': ({ services }) => services.background(submitForm(services)),
  'form.edit': ({ services }) => editBody(services),
  'form.cancel': leave,
  'form.left': (context) => sideways(context, 'left', -1),
  'form.right': (context) => sideways(context, 'right', 1),
  'form.home': ({ services }) => editField(services, 'home'),
  'form.end': ({ services }) => editField(services, 'end'),
  'form.erase': ({ services }) => editField(services, 'erase'),
  'form.delete': ({ services }) => editField(services, 'delete'),
  'form.clear': ({ services }) => editField(services, 'clear'),
  'form.eraseWord': ({ services }) => editField(services, 'eraseWord'),
  'picker.next': ({ services }) => movePicker(services, 1),
  'picker.previous': ({ services }) => movePicker(services, -1),
  'picker.pageDown': ({ services }) => movePicker(services, PICKER_PAGE),
  'picker.pageUp': ({ services }) => movePicker(services, -PICKER_PAGE),
  'picker.accept': ({ services }) => acceptPicker(services),
  'picker.cancel': ({ services }) => closePicker(services),
  'picker.erase': ({ services }) => typeInPicker(services, (query) => query.slice(0, -1)),
  'picker.clear': ({ services }) => typeInPicker(services, () => ''),
};

function formOf({ services }: ScreenContext): FormDialog | undefined {
  const { overlay } = services.store.getState();
  return overlay?.kind === 'form' ? overlay : undefined;
}

/** Picks where there is something to pick, presses the button that has the focus, else goes on. */
function accept(context: ScreenContext): void {
  const { services } = context;
  const form = formOf(context);
  if (form === undefined) return;
  const field = focusedField(form);
  if (field !== undefined && canPick(field)) services.background(openPicker(services));
  else if (field !== undefined) moveFocus(services, 1);
  else pressButton(context, form);
}

function pressButton(context: ScreenContext, form: FormDialog): void {
  const { services } = context;
  const button = formButtons(form)[form.focus - shownFields(form).length];
  if (button === 'submit') services.background(submitForm(services));
  else if (button === 'edit') editBody(services);
  else cancel(context);
}

/** What was typed is not lost by one key. */
function leave(context: ScreenContext): void {
  const { services } = context;
  const form = formOf(context);
  if (form === undefined || form.sending || form.leaving === true) cancel(context);
  else if (form.touched.size === 0 && form.yaml === form.copied) cancel(context);
  else {
    updateForm(services, (dialog) => ({ ...dialog, leaving: true }));
    flash(services.store, 'warn', 'once more leaves the form: what was typed in it is lost then');
  }
}

/** While the service is being asked the form stays: its answer belongs there. */
function cancel(context: ScreenContext): void {
  const form = formOf(context);
  if (form !== undefined && !form.sending)
    context.services.store.setState({
      overlay: undefined,
      ...(form.leaving === true ? { flash: undefined } : {}),
    });
}

/** Moves the cursor in a text, changes a choice, or goes from button to button. */
function sideways(context: ScreenContext, edit: TextEdit, by: number): void {
  const { services } = context;
  const form = formOf(context);
  const field = form === undefined ? undefined : focusedField(form);
  if (field === undefined) moveFocus(services, by);
  else if (isTyped(field)) editField(services, edit);
  else cycleChoice(services, by);
}
