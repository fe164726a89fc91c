import { findBinding } from '../keys/find.ts';
import type { Binding } from '../keys/types.ts';
import { resourceNamed } from '../resources/registry.ts';
import { startPlugin } from '../store/actions/plugins.ts';
import { topView } from '../store/app-store.ts';
import { flash, flashError } from '../store/flash.ts';
import { focusedField, isTyped, typeText } from '../store/forms/forms.ts';
import { typeInPicker } from '../store/forms/pickers.ts';
import { sortByColumn } from '../store/table-view.ts';
import type { ScreenContext } from './context.ts';
import { typeInPrompt } from './handlers/prompt-handlers.ts';
import { HANDLERS } from './handlers.ts';
import { hotkeyOf, keyFor, keysOf, pluginOf } from './key-table.ts';
import { activeScopes } from './scopes.ts';

/** A key press or a paste, as the key reader gives it. */
export type InputEvent =
  | { readonly kind: 'key'; readonly key: string; readonly text?: string }
  | { readonly kind: 'paste'; readonly text: string };

/** Gives one input to whatever has the keyboard: a dialog, a prompt, or the view. */
export function dispatch(context: ScreenContext, event: InputEvent): void {
  if (event.kind === 'paste') {
    typeAnywhere(context, event.text);
    return;
  }
  const state = context.services.store.getState();
  const scopes = activeScopes(state);
  const unescaped = event.key.replace(/^(ctrl-)?alt-/, '$1');
  if (unescaped !== event.key && findBinding(event.key, scopes, false, keysOf(state)) === undefined) {
    escapeThenKey(context, unescaped);
    return;
  }
  if (event.text !== undefined && isTyping(context)) {
    typeAnywhere(context, event.text);
    return;
  }
  if (editsWholeBody(context, event.key)) {
    HANDLERS['form.edit']?.(context);
    return;
  }
  const binding = findBinding(event.key, scopes, state.session.readOnly, keysOf(state));
  if (binding !== undefined) handle(context, binding);
  else if (!sortByLetter(context, event.key)) explainMissing(context, event.key);
}

function handle(context: ScreenContext, binding: Binding): void {
  const hotkey = hotkeyOf(binding);
  const plugin = pluginOf(binding);
  if (hotkey !== undefined) runHotkey(context, hotkey);
  else if (plugin !== undefined) startPlugin(context.services, plugin);
  else HANDLERS[binding.id]?.(context);
}

function runHotkey(context: ScreenContext, key: string): void {
  const { store } = context.services;
  const hotkey = store.getState().preferences.hotkeys.find((candidate) => candidate.key === key);
  if (hotkey === undefined) return;
  try {
    context.runCommand(hotkey.command);
  } catch (error) {
    flashError(store, error);
  }
}

/**
 * Escape and a key that is typed right after it come as one when they are typed ahead, as a key with alt. Unless
 * the user has bound that one: taken for one key, the escape would be lost, and the rest go into an open dialog.
 */
function escapeThenKey(context: ScreenContext, key: string): void {
  dispatch(context, { kind: 'key', key: 'esc' });
  const text = key === 'space' ? ' ' : key;
  dispatch(context, { kind: 'key', key, ...(text.length === 1 ? { text } : {}) });
}

/** A text field, a picker or a prompt takes every key that types something. */
function isTyping(context: ScreenContext): boolean {
  const { overlay, prompt } = context.services.store.getState();
  if (overlay?.kind === 'form') return overlay.picker !== undefined || isTyped(focusedField(overlay));
  return overlay === undefined && prompt !== undefined;
}

function typeAnywhere(context: ScreenContext, text: string): void {
  const { services } = context;
  const { overlay, prompt } = services.store.getState();
  if (overlay?.kind === 'form') {
    if (overlay.picker !== undefined) typeInPicker(services, (query) => query + text.replace(/\s+/g, ' '));
    else typeText(services, text);
  } else if (overlay === undefined && prompt !== undefined) typeInPrompt(context, text);
}

/** `e` does in a form what it does on a table, wherever it does not type a letter. */
function editsWholeBody(context: ScreenContext, key: string): boolean {
  const { overlay } = context.services.store.getState();
  return key === 'e' && overlay?.kind === 'form' && overlay.picker === undefined;
}

/** Shift and the letter of a column sorts by it. */
function sortByLetter(context: ScreenContext, key: string): boolean {
  const { services } = context;
  const state = services.store.getState();
  const view = topView(state);
  if (state.overlay !== undefined || state.prompt !== undefined || view.kind !== 'list') return false;
  if (!/^[A-Z]$/.test(key)) return false;
  const column = resourceNamed(view.resource).columns.find((candidate) => candidate.sortKey === key);
  if (column === undefined) return false;
  sortByColumn(services.store, view, column.id);
  return true;
}

/** A key that exists but not in read-only mode says so, and one that a view does not know says which keys do. */
function explainMissing(context: ScreenContext, key: string): void {
  const { store } = context.services;
  const state = store.getState();
  const binding = findBinding(key, activeScopes(state), false, keysOf(state));
  if (binding === undefined && state.overlay === undefined && state.prompt === undefined)
    flash(store, 'info', `${key} does nothing here: ${keyFor(state, 'app.help')} shows the keys`);
  if (binding !== undefined && state.session.readOnly) {
    const { readOnlyReason: reason } = state.session;
    const why = reason === undefined ? '' : `${reason}; `;
    flash(store, 'warn', `${binding.help.toLowerCase()}: not in read-only mode (${why}--write allows it)`);
  }
}
