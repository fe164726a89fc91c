import { type AppStore, topView } from '../../store/app-store.ts';
import { flash, flashError } from '../../store/flash.ts';
import { editText, insertText, type TextEdit } from '../../store/forms/text-field.ts';
import { withEntry } from '../../store/preferences.ts';
import type { Prompt, View } from '../../store/state.ts';
import { updateList } from '../../store/views.ts';
import type { Handlers, ScreenContext } from '../context.ts';
import { nextMatch } from './next-match.ts';
import { updatePane } from './text-here.ts';

export const PROMPT_HANDLERS: Handlers = {
  'prompt.accept': accept,
  'prompt.cancel': cancel,
  'prompt.complete': complete,
  'prompt.next': (context) => choose(context, 1),
  'prompt.previous': (context) => choose(context, -1),
  'prompt.clear': (context) => edit(context, 'clear'),
  'prompt.eraseWord': (context) => edit(context, 'eraseWord'),
  'prompt.erase': (context) => {
    const prompt = promptOf(context);
    // Erasing the empty prompt leaves it, as in k9s and vim.
    if (prompt?.text === '') cancel(context);
    else edit(context, 'erase');
  },
};

/** Opens the line behind `:` or `/`. */
export function openPrompt(context: ScreenContext, kind: Prompt['kind'], text: string): void {
  const view = topView(context.services.store.getState());
  if (kind === 'filter' && view.kind === 'welcome') return;
  // Ids that were asked for the last time may be gone by now: they are asked for anew, and serve until others come.
  context.services.store.setState({ askedIds: [] });
  setPrompt(context, { kind, text, suggestions: [], chosen: 0 });
}

/** Types at the end of the prompt; a filter acts at once. */
export function typeInPrompt(context: ScreenContext, text: string): void {
  const prompt = promptOf(context);
  if (prompt === undefined) return;
  const typed = insertText({ text: prompt.text, caret: prompt.text.length }, text.replace(/[\r\n]+/g, ' '));
  setPrompt(context, { ...prompt, text: typed.text, recalled: undefined, chosen: 0 });
}

function edit(context: ScreenContext, how: TextEdit): void {
  const prompt = promptOf(context);
  if (prompt === undefined) return;
  const { text } = editText({ text: prompt.text, caret: prompt.text.length }, how);
  setPrompt(context, { ...prompt, text, recalled: undefined, chosen: 0 });
}

function promptOf(context: ScreenContext): Prompt | undefined {
  return context.services.store.getState().prompt;
}

function setPrompt(context: ScreenContext, prompt: Prompt): void {
  const suggestions = prompt.kind === 'command' ? context.suggest(prompt.text) : [];
  context.services.store.setState({ prompt: { ...prompt, suggestions } });
  if (prompt.kind === 'filter') applyFilter(context, prompt.text);
}

function applyFilter({ services }: ScreenContext, text: string): void {
  const view = topView(services.store.getState());
  if (view.kind === 'list')
    // Another filter is tried on what is held; the service is asked when it is typed to its end.
    updateList(services.store, (list) =>
      list.filter === text ? list : { ...list, filter: text, pushedFilter: undefined },
    );
  else updatePane(services.store, (pane) => ({ ...pane, find: text, match: undefined }));
}

function accept(context: ScreenContext): void {
  const prompt = promptOf(context);
  const { store } = context.services;
  if (prompt === undefined) return;
  // What went wrong with the last command or filter must not seem to be said of this one.
  store.setState({ prompt: undefined, flash: undefined });
  if (prompt.kind === 'filter') {
    remember(context, 'filters', prompt.text);
    const view = topView(store.getState());
    if (view.kind === 'list') flashBadPattern(context);
    else if (prompt.text === '') showAllLines(store);
    // A tail of which only the lines found are shown goes on with those to come.
    else if (!isNarrowed(view)) nextMatch(context, 1);
    return;
  }
  const text = prompt.chosen > 0 ? (prompt.suggestions[prompt.chosen - 1] ?? prompt.text) : prompt.text;
  if (text.trim() === '') return;
  remember(context, 'commands', text);
  try {
    context.runCommand(text);
  } catch (error) {
    flashError(store, error);
  }
}

function isNarrowed(view: View): boolean {
  return view.kind !== 'list' && view.kind !== 'welcome' && view.pane.only === true;
}

function showAllLines(store: AppStore): void {
  updatePane(store, (pane) => ({ ...pane, only: false }));
}

function flashBadPattern({ services }: ScreenContext): void {
  const state = services.store.getState();
  const view = topView(state);
  if (view.kind !== 'list') return;
  const { problem } = services.listings.of(state, view);
  if (problem !== undefined) flash(services.store, 'warn', `bad pattern, so nothing is filtered: ${problem}`);
}

/** A filter that is cancelled is gone; a command that is cancelled was never there. */
function cancel(context: ScreenContext): void {
  const prompt = promptOf(context);
  if (prompt?.kind === 'filter') {
    applyFilter(context, '');
    showAllLines(context.services.store);
  }
  context.services.store.setState({ prompt: undefined });
}

function complete(context: ScreenContext): void {
  const prompt = promptOf(context);
  if (prompt === undefined) return;
  const suggestion = prompt.suggestions[Math.max(0, prompt.chosen - 1)];
  if (suggestion !== undefined) setPrompt(context, { ...prompt, text: suggestion, chosen: 0 });
}

function remember({ services }: ScreenContext, kind: 'commands' | 'filters', text: string): void {
  services.store.setState(({ memory }) => ({ memory: { ...memory, [kind]: withEntry(memory[kind], text) } }));
}

/** Goes through what was typed before: `by` 1 to the older, -1 to the newer, and past the newest to nothing. */
function recall(context: ScreenContext, prompt: Prompt, by: number): void {
  const { memory } = context.services.store.getState();
  const history = prompt.kind === 'command' ? memory.commands : memory.filters;
  const at = Math.min((prompt.recalled ?? -1) + by, history.length - 1);
  const text = history[at] ?? '';
  if (at < 0 && prompt.recalled === undefined) return;
  setPrompt(context, { ...prompt, text, recalled: at < 0 ? undefined : at, chosen: 0 });
}

function choose(context: ScreenContext, by: number): void {
  const prompt = promptOf(context);
  if (prompt === undefined) return;
  const isHistory =
    prompt.recalled !== undefined || prompt.kind === 'filter' || (prompt.text === '' && by < 0);
  if (isHistory) recall(context, prompt, -by);
  if (isHistory || prompt.suggestions.length === 0) return;
  const places = prompt.suggestions.length + 1;
  const chosen = (prompt.chosen + by + places) % places;
  context.services.store.setState({ prompt: { ...prompt, chosen } });
}

/** What the ghost text behind the typed text is: the rest of the chosen or the best suggestion. */
export function ghostOf(prompt: Prompt): string {
  const suggestion = prompt.suggestions[Math.max(0, prompt.chosen - 1)] ?? '';
  return suggestion.toLowerCase().startsWith(prompt.text.toLowerCase())
    ? suggestion.slice(prompt.text.length)
    : '';
}
