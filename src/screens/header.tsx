import { Box, Text } from 'ink';
import { useState } from 'react';
import type { Palette } from '../components/palette.ts';
import { bindingsOf, keyLabel } from '../keys/find.ts';
import { KEYS } from '../keys/table.ts';
import type { Binding } from '../keys/types.ts';
import { visible } from '../lib/sanitise.ts';
import { countText } from '../lib/units.ts';
import { fit } from '../lib/width.ts';
import { topView } from '../store/app-store.ts';
import type { AppState, Session, Totals, View } from '../store/state.ts';
import { isLargeHeader, isLow, LARGE_HEADER } from './chrome-size.ts';
import { isEmptyList, withMakerFirst } from './invitation.ts';
import { keysOf } from './key-table.ts';
import { listName } from './list-title.ts';
import { helpOf, isOffered, viewScopes } from './scopes.ts';
import { type Ui, useAppState, useUi } from './ui-context.ts';

/** What the menu calls the key that shows all keys. */
const HELP = KEYS.find((binding) => binding.id === 'app.help')?.help;
const INFO_WIDTH = 50;
const HINT_GAP = '  ';
const LOGO = [
  '             _    ',
  '  __ _ ____ | |__ ',
  " / _` |_  / | '_ \\",
  '| (_| |/ /  | |_) |',
  ' \\__,_/___| |_.__/',
  '   Azure Batch',
];

/** Account, totals and the menu of keys; on a small terminal two lines, and none when it is switched off. */
export function Header() {
  const ui = useUi();
  const isShown = useAppState((state) => state.headerShown);
  const isLarge = useAppState((state) => isLargeHeader(state, ui.columns, ui.rows));
  if (!isShown || isLow(ui.rows)) return null;
  return isLarge ? <LargeHeader ui={ui} /> : <SmallHeader ui={ui} />;
}

function LargeHeader({ ui }: { readonly ui: Ui }) {
  const { palette, columns } = ui;
  const session = useAppState((state) => state.session);
  const totals = useAppState((state) => state.totals);
  const requests = useAppState((state) => state.requestsPerMinute);
  const menu = useMenu();
  const hasLogo = columns >= 140;
  const menuWidth = columns - INFO_WIDTH - (hasLogo ? 20 : 0);
  const info = infoLines(palette, session, totals, requests);
  const keys = menuLines(palette, menu, menuWidth);
  return (
    <Box height={LARGE_HEADER}>
      <Box width={INFO_WIDTH} flexDirection="column">
        <Text wrap="truncate">{info.join('\n')}</Text>
      </Box>
      <Box width={menuWidth} flexDirection="column">
        <Text wrap="truncate">{keys.join('\n')}</Text>
      </Box>
      {hasLogo && <Text wrap="truncate">{LOGO.map((line) => palette.ink('logo', line)).join('\n')}</Text>}
    </Box>
  );
}

function SmallHeader({ ui }: { readonly ui: Ui }) {
  const { palette, columns } = ui;
  const session = useAppState((state) => state.session);
  const totals = useAppState((state) => state.totals);
  const menu = useMenu();
  // One line has not room for all: the key that shows the rest comes first.
  const isHelp = ([, help]: [string, string]) => help === HELP;
  const hints = whole([...menu.filter(isHelp), ...menu.filter((pair) => !isHelp(pair))], columns).map(
    ([key, help]) => `${palette.ink('key', key)} ${help}`,
  );
  return (
    <Box flexDirection="column" width={columns}>
      <Text wrap="truncate">{statusLine(palette, session, totals)}</Text>
      <Text wrap="truncate">{hints.join(HINT_GAP)}</Text>
    </Box>
  );
}

/** The first of the menu's pairs, as many as one line holds uncut. */
function whole(menu: readonly [string, string][], columns: number): readonly [string, string][] {
  let room = columns + HINT_GAP.length;
  const taken = menu.findIndex(([key, help]) => {
    room -= key.length + 1 + help.length + HINT_GAP.length;
    return room < 0;
  });
  return taken < 0 ? menu : menu.slice(0, taken);
}

/** The menu's pairs as one text, so that the selector yields the same value while nothing changes. */
function useMenu(): [string, string][] {
  const [select] = useState(() => rememberMenu());
  const text = useAppState(select);
  return text === '' ? [] : text.split('\n').map((line) => line.split('\t') as [string, string]);
}

/** Every key changes the state and asks the selectors; what the menu is made of changes with the view only. */
function rememberMenu(): (state: AppState) => string {
  let inputs: readonly unknown[] = [];
  let text = '';
  return (state) => {
    const view = topView(state);
    const now = [
      view.kind,
      view.kind === 'list' && listName(view),
      'scope' in view && view.scope,
      view.kind === 'text' && view.resource,
      isSearched(view),
      isEmptyList(state, view),
      state.session,
      state.preferences,
    ];
    if (now.some((input, index) => input !== inputs[index])) {
      inputs = now;
      text = menuText(state);
    }
    return text;
  };
}

function menuText(state: AppState): string {
  const view = topView(state);
  const bindings = bindingsOf(viewScopes(view), state.session.readOnly, keysOf(state)).filter(
    (binding) =>
      binding.quiet !== true &&
      isOffered(view, binding) &&
      (isSearched(view) || !MATCHES.includes(binding.id)),
  );
  return inOrder(state, view, bindings)
    .map((binding) => `${keyLabel(binding.keys[0] ?? '')}\t${helpOf(view, binding)}`)
    .join('\n');
}

/** Keys that go from match to match: dead until something is looked for. */
const MATCHES = ['text.next', 'text.previous'];

function isSearched(view: View): boolean {
  return 'pane' in view && view.pane.find !== '';
}

/** To make the first comes before what else an empty list has keys for; to find something, before what else a text has. */
function inOrder(state: AppState, view: View, bindings: readonly Binding[]): readonly Binding[] {
  if (view.kind === 'list') return isEmptyList(state, view) ? withMakerFirst(view, bindings) : bindings;
  const find = bindings.find(({ id }) => id === 'app.filter');
  const place = bindings.findIndex(({ scope }) => scope === 'text');
  if (find === undefined || place < 0) return bindings;
  const others = bindings.filter((binding) => binding !== find);
  return [...others.slice(0, place), find, ...others.slice(place)];
}

function infoLines(
  palette: Palette,
  session: Session,
  totals: Totals | undefined,
  requests: number,
): string[] {
  const { account } = session;
  const rows: [string, string][] = [
    [
      'Account',
      account === undefined ? 'none' : visible(account.name) + (session.readOnly ? ' 🔒 read-only' : ''),
    ],
    ['Endpoint', account === undefined ? '–' : visible(account.endpoint.replace(/^https:\/\//, ''))],
    ['Region', account === undefined ? '–' : `${visible(account.region)}, ${account.auth}`],
    ['azb', session.version],
    ['Holds', account === undefined ? '–' : totalsText(totals)],
    ['Requests', `${requests}/min`],
  ];
  return rows.map(
    ([label, value]) => palette.ink('label', fit(` ${label}:`, 11)) + palette.ink('value', value),
  );
}

function totalsText(totals: Totals | undefined): string {
  if (totals === undefined) return '…';
  const pools = totals.pools === 1 ? 'pool' : 'pools';
  const nodes = totals.nodes === 1 ? 'node' : 'nodes';
  return `${countText(totals.pools)} ${pools}, ${countText(totals.nodes)} ${nodes}`;
}

function statusLine(palette: Palette, session: Session, totals: Totals | undefined): string {
  const { account } = session;
  const who = account === undefined ? 'no account' : `${visible(account.name)} ${visible(account.endpoint)}`;
  const lock = session.readOnly ? palette.ink('warn', ' 🔒 read-only') : '';
  const holds = account === undefined ? '' : ` ${palette.ink('dim', totalsText(totals))}`;
  return `${palette.ink('logo', `azb ${session.version}`)} ${palette.ink('value', who)}${lock}${holds}`;
}

/** The menu in columns of as many rows as the header has. */
function menuLines(palette: Palette, menu: readonly [string, string][], width: number): string[] {
  const lines = Array.from({ length: LARGE_HEADER }, () => '');
  let used = 0;
  for (let start = 0; start < menu.length; start += LARGE_HEADER) {
    const column = menu.slice(start, start + LARGE_HEADER);
    const keyWidth = Math.max(...column.map(([key]) => key.length)) + 1;
    const helpWidth = Math.max(...column.map(([, help]) => help.length)) + 2;
    if (used + keyWidth + helpWidth > width) break;
    used += keyWidth + helpWidth;
    column.forEach(([key, help], index) => {
      lines[index] += palette.ink('key', fit(key, keyWidth)) + palette.ink('dim', fit(help, helpWidth));
    });
    for (let index = column.length; index < LARGE_HEADER; index += 1)
      lines[index] += ' '.repeat(keyWidth + helpWidth);
  }
  return lines;
}
