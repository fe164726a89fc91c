import { Box, Text } from 'ink';
import { useState } from 'react';
import { wrapWords } from '../components/pane-lines.ts';
import { visible } from '../lib/sanitise.ts';
import { shortId } from '../lib/short-id.ts';
import { cellWidth, fit } from '../lib/width.ts';
import type { AppState, View } from '../store/state.ts';
import { tailCrumb } from '../store/tail-names.ts';
import { isSamePlace } from '../store/views.ts';
import { isLow } from './chrome-size.ts';
import { listName, scopeText } from './list-title.ts';
import { useAppState, useUi } from './ui-context.ts';

/** The way to here, and the latest message. */
export function Footer() {
  const { columns, rows } = useUi();
  const hasMessage = useAppState((state) => state.flash !== undefined);
  const hasCrumbs = useAppState((state) => state.crumbsShown);
  if (!hasCrumbs) return isLow(rows) && !hasMessage ? null : <Message />;
  if (isLow(rows)) return hasMessage ? <Message /> : <Crumbs />;
  return (
    <Box flexDirection="column" width={columns}>
      <Crumbs />
      <Message />
    </Box>
  );
}

/** On a text that has the whole screen: nothing but a message, while there is one. */
export function FullFooter() {
  const hasMessage = useAppState((state) => state.flash !== undefined);
  return hasMessage ? <Message /> : null;
}

function Crumbs() {
  const { palette } = useUi();
  const [select] = useState(() => rememberCrumbs());
  const names = useAppState(select).split('\n');
  const crumbs = names.map((name, index) =>
    palette.ink(index === names.length - 1 ? 'crumbLast' : 'crumb', ` ${name} `),
  );
  return <Text wrap="truncate-start">{` ${crumbs.join(' ')}`}</Text>;
}

/** Every key changes the state and asks the selectors; the way to here changes less often. */
function rememberCrumbs(): (state: AppState) => string {
  let known: readonly View[] = [];
  let text = '';
  return ({ views }) => {
    const isSame = views.length === known.length && views.every((view, at) => isSamePlace(view, known[at]));
    if (!isSame) text = views.map(crumbOf).join('\n');
    known = views;
    return text;
  };
}

function crumbOf(view: View): string {
  switch (view.kind) {
    case 'list': {
      const scope = scopeText(view.scope);
      return scope === '' ? listName(view) : `${listName(view)}(${scope})`;
    }
    case 'text':
      return `${view.format} ${shortened(visible(view.id))}`;
    case 'tail':
      return `tail ${visible(tailCrumb(view.files))}`;
    default:
      return view.kind;
  }
}

/** Cells that the name of a text takes in the crumbs at most. */
const CRUMB_WIDTH = 30;

function shortened(id: string): string {
  return cellWidth(id) > CRUMB_WIDTH ? fit(shortId(id), CRUMB_WIDTH).trimEnd() : id;
}

const LEVEL_SIGNS = { info: '', warn: '! ', error: '✗ ' } as const;

/** Lines that a message takes at most. */
const MOST_LINES = 4;
const MOST_LOW_LINES = 2;

/** The latest message, whole: the end of an error is its next step. */
function Message() {
  const { palette, columns, rows } = useUi();
  const flash = useAppState((state) => state.flash);
  if (flash === undefined) return <Text> </Text>;
  const sign = LEVEL_SIGNS[flash.level];
  const lines = wrapWords(visible(flash.text), Math.max(1, columns - sign.length - 1));
  const most = isLow(rows) ? MOST_LOW_LINES : MOST_LINES;
  const shown = lines.slice(0, most).map((line, index) => {
    const lead = ` ${index === 0 ? sign : ' '.repeat(sign.length)}`;
    const more = index === most - 1 && lines.length > most ? '…' : '';
    return palette.ink(flash.level, lead + line + more);
  });
  return <Text wrap="truncate">{shown.join('\n')}</Text>;
}
