import { Box, Text } from 'ink';
import { visible } from '../lib/sanitise.ts';
import type { AppState, View } from '../store/state.ts';
import { scopeText } from './list-title.ts';
import { useAppState, useUi } from './ui-context.ts';

/** The way to here, and the latest message. */
export function Footer() {
  const { columns } = useUi();
  return (
    <Box flexDirection="column" width={columns}>
      <Crumbs />
      <FlashLine />
    </Box>
  );
}

function Crumbs() {
  const { palette } = useUi();
  const names = useAppState(crumbText).split('\n');
  const crumbs = names.map((name, index) =>
    palette.ink(index === names.length - 1 ? 'crumbLast' : 'crumb', ` ${name} `),
  );
  return <Text wrap="truncate-start">{` ${crumbs.join(' ')}`}</Text>;
}

function crumbText(state: AppState): string {
  return state.views.map(crumbOf).join('\n');
}

function crumbOf(view: View): string {
  switch (view.kind) {
    case 'list': {
      const scope = scopeText(view.scope);
      return scope === '' ? view.resource : `${view.resource}(${scope})`;
    }
    case 'text':
      return `${view.format} ${visible(view.id).slice(0, 30)}`;
    case 'tail':
      return `tail ${visible(view.file.path)}`;
    default:
      return view.kind;
  }
}

const LEVEL_SIGNS = { info: '', warn: '! ', error: '✗ ' } as const;

function FlashLine() {
  const { palette } = useUi();
  const flash = useAppState((state) => state.flash);
  if (flash === undefined) return <Text> </Text>;
  return (
    <Text wrap="truncate">
      {palette.ink(flash.level, ` ${LEVEL_SIGNS[flash.level]}${visible(flash.text)}`)}
    </Text>
  );
}
