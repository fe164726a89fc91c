import { styledText, wrapWords } from '../components/pane-lines.ts';
import { bindingsOf, keyLabel } from '../keys/find.ts';
import type { Binding, KeyScope } from '../keys/types.ts';
import { visible } from '../lib/sanitise.ts';
import { NODE_SIGNS } from '../resources/node-map.ts';
import { RESOURCES, resourceNamed } from '../resources/registry.ts';
import { cursorIndex } from '../store/list-moves.ts';
import type { AppState, HelpView } from '../store/state.ts';
import { keysOf } from './key-table.ts';
import type { Paint, Painting } from './painting.ts';
import { paintPane, paneArea, paneTitle, seenText } from './pane.ts';
import { helpOf, isOffered, viewScopes } from './scopes.ts';

/** Every key that works in the view below, and every resource that `:` knows. */
export const paintHelp: Paint<HelpView> = (painting, state, view, width, height) => {
  const lines = helpLines(painting, state, view, paneArea(view.pane, width, height).width);
  const { text, pane } = seenText(styledText(lines), view.pane);
  const title = paneTitle(painting.palette, 'help', text, pane, { width, right: '' });
  return paintPane(painting.palette, { title, right: '' }, text, pane, width, height);
};

const SCOPE_TITLES: Readonly<Partial<Record<KeyScope, string>>> = {
  global: 'EVERYWHERE',
  table: 'ANY TABLE',
  text: 'ANY TEXT',
};

/** The whole help; what explains a key is broken into lines of the width, each below the one before. */
export function helpLines(painting: Painting, state: AppState, view: HelpView, width: number): string[] {
  const { palette } = painting;
  const scopes = viewScopes(view.of);
  const reasonOf = (binding: Binding) => disabledReason(painting, state, view, binding);
  const known = bindingsOf(scopes, false, keysOf(state)).filter(
    (binding) => isOffered(view.of, binding) && hasStates(binding, view),
  );
  const sections = scopes.flatMap((scope) => {
    const bindings = known.filter((binding) => binding.scope === scope);
    if (bindings.length === 0) return [];
    const title = SCOPE_TITLES[scope] ?? scope.toUpperCase();
    return [
      '',
      palette.ink('heading', title),
      ...bindings.flatMap((binding) => keyLines(palette, binding, reasonOf(binding), view, width)),
    ];
  });
  return [
    ...readOnlyLines(palette, state, width),
    ...sections,
    ...signLines(palette, view, width),
    ...sortLines(palette, view, width),
    ...filterLines(palette, view, width),
    ...resourceLines(palette, width),
    ...aliasLines(palette, state, width),
  ].slice(1);
}

function keyLines(
  palette: Painting['palette'],
  binding: Binding,
  reason: string | undefined,
  view: HelpView,
  width: number,
): string[] {
  const keys = binding.keys.map(keyLabel).join(' ');
  const help = stateFilterHelp(binding, view) ?? helpOf(view.of, binding);
  if (reason === undefined) return entryLines(palette, keys, help, width);
  return entryLines(palette, keys, `${help} (${reason})`, width, 'dim');
}

const TYPED_WIDTH = 26;
/** In half of a terminal what a key does needs the cells more. */
const NARROW = 60;
const NARROW_TYPED_WIDTH = 12;

/** What is typed, and what it does beside it. */
function entryLines(
  palette: Painting['palette'],
  typed: string,
  help: string,
  width: number,
  role?: 'dim',
): string[] {
  const lead = typed.padEnd(width < NARROW ? NARROW_TYPED_WIDTH : TYPED_WIDTH);
  return wrapWords(help, Math.max(20, width - lead.length - 3)).map((line, index) => {
    const start = index === 0 ? lead : ' '.repeat(lead.length);
    return role === undefined
      ? `  ${palette.ink('key', start)} ${line}`
      : palette.ink(role, `  ${start} ${line}`);
  });
}

/** Why a key does nothing now: azb is read-only, or the row under the cursor does not allow it. */
function disabledReason(
  { listings }: Painting,
  state: AppState,
  { of }: HelpView,
  binding: Binding,
): string | undefined {
  if (state.session.readOnly && binding.dangerous === true) return 'not in read-only mode';
  if (of.kind !== 'list') return undefined;
  const listing = listings.of(state, of);
  const row = listing.rows[cursorIndex(of, listing)];
  const name = binding.id.split('.')[1] ?? '';
  const names = [name, COUNTERPARTS[name]];
  const actions = listing.resource.actions.filter((candidate) => names.includes(candidate.name));
  if (row === undefined || actions.length === 0) return undefined;
  const reasons = actions.map((action) => action.disabled?.(row)).filter((reason) => reason !== undefined);
  return reasons.length < actions.length
    ? undefined
    : `not ${visible(listing.resource.idOf(row))}: ${visible(reasons[0] ?? '')}`;
}

/** The other action of a key that switches something off and on. */
const COUNTERPARTS: Readonly<Record<string, string>> = { disable: 'enable' };

const STATE_KEY = /^table\.state(\d)$/;

/** Lists whose rows are in few states, or none, have no use for the keys of more. */
function hasStates({ id }: Binding, { of }: HelpView): boolean {
  const number = STATE_KEY.exec(id)?.[1];
  if (number === undefined || of.kind !== 'list') return true;
  return resourceNamed(of.resource).stateFilters.length >= Math.max(1, Number(number));
}

/** `1` means something else on every resource. */
function stateFilterHelp({ id }: Binding, { of }: HelpView): string | undefined {
  const number = STATE_KEY.exec(id)?.[1];
  if (number === undefined || of.kind !== 'list') return undefined;
  const filter = resourceNamed(of.resource).stateFilters[Number(number) - 1];
  return filter === undefined ? undefined : `Only ${filter.label}`;
}

/** What the cells of a map mean, the states that no node is in included. */
function signLines(palette: Painting['palette'], { of }: HelpView, width: number): string[] {
  if (of.kind !== 'list' || of.layout !== 'map') return [];
  const lines = NODE_SIGNS.flatMap(({ state, dedicated, spot }) => {
    const what = dedicated.length > 1 ? `${state}; the fuller, the fewer task slots are free` : state;
    return entryLines(palette, `${dedicated}  Spot: ${spot}`, what, width);
  });
  return ['', palette.ink('heading', 'CELLS'), ...lines];
}

function sortLines(palette: Painting['palette'], view: HelpView, width: number): string[] {
  if (view.of.kind !== 'list') return [];
  const sortable = resourceNamed(view.of.resource).columns.filter((column) => column.sortKey !== undefined);
  const lines = sortable.flatMap(({ sortKey, title }) =>
    entryLines(palette, `<shift-${sortKey?.toLowerCase()}>`, `Sort by ${title}; again: reverse`, width),
  );
  return ['', palette.ink('heading', 'SORT'), ...lines];
}

function filterLines(palette: Painting['palette'], view: HelpView, width: number): string[] {
  if (view.of.kind !== 'list') return [];
  const forms = [
    ['/pattern', 'rows that match, in any column and any case'],
    ['/!pattern', 'rows that do not match'],
    ['/-f text', 'fuzzy match of the id'],
    ['/state=completed', 'one column: name=pattern or name:pattern'],
    ['/exit!=0 took>10m', 'values: = != > >= < <=, with 3, 10m or 5MB; all must hold'],
    ['/^prefix', 'the beginning of the id; the service finds it in lists too long to hold'],
  ];
  const lines = forms.flatMap(([form = '', help = '']) => entryLines(palette, form, help, width));
  return ['', palette.ink('heading', 'FILTER'), ...lines];
}

/** Why nothing can be changed, said once. */
function readOnlyLines(palette: Painting['palette'], { session }: AppState, width: number): string[] {
  if (!session.readOnly) return [];
  const why = session.readOnlyReason === undefined ? '' : `: ${visible(session.readOnlyReason)}`;
  const lines = wrapWords(`READ-ONLY${why}`, width).map((line) => palette.ink('warn', line));
  return ['', ...lines, '  --write allows changes'];
}

/** What the user's own files add to `:`. */
function aliasLines(palette: Painting['palette'], { preferences }: AppState, width: number): string[] {
  const aliases = Object.entries(preferences.aliases);
  if (aliases.length === 0) return [];
  const lines = aliases.flatMap(([alias, command]) =>
    entryLines(palette, `:${alias}`, `:${visible(command)}`, width),
  );
  return ['', palette.ink('heading', 'ALIASES'), ...lines];
}

/** Whether a way to name a list is told by a shorter one already. */
function isStartOf(way: readonly string[], longer: readonly string[]): boolean {
  return way.length < longer.length && way.every((part, at) => part === longer[at]);
}

function resourceLines(palette: Painting['palette'], width: number): string[] {
  const lines = RESOURCES.flatMap((resource) => {
    const { scopes } = resource;
    const scope = scopes
      .filter((parts) => !scopes.some((other) => other !== parts && isStartOf(other, parts)))
      .map((parts) => parts.map((part) => part.toUpperCase()).join('/'))
      .filter(Boolean);
    const usage = [`:${resource.name}`, scope.join(' or ')].filter(Boolean).join(' ');
    return entryLines(palette, usage, `${resource.help} (${resource.aliases.join(', ')})`, width);
  });
  return ['', palette.ink('heading', 'RESOURCES'), ...lines];
}
