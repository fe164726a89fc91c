import type { DirectoryEntry } from '../resources/directory.ts';
import { RESOURCES } from '../resources/registry.ts';
import type { Entity, Resource } from '../resources/types.ts';
import type { AppStore } from '../store/create.ts';
import { EMPTY_FEED, topView } from '../store/create.ts';
import { feedKey } from '../store/keys-of.ts';
import type { Source } from '../store/source.ts';
import type { AppState } from '../store/state.ts';
import { PROMPT_COMMANDS } from './prompt-commands.ts';

/** Everything that can be typed behind `:`, resources first. */
export function directoryRows({ preferences }: Pick<AppState, 'preferences'>): readonly DirectoryEntry[] {
  return [
    ...RESOURCES.map(
      (resource): DirectoryEntry => ({
        name: resource.name,
        aliases: resource.aliases.join(' '),
        operands: operandsOf(resource),
        kind: 'resource',
        help: resource.help,
      }),
    ),
    ...PROMPT_COMMANDS.map(
      ({ names, operands, help }): DirectoryEntry => ({
        name: names[0] ?? '',
        aliases: names.slice(1).join(' '),
        operands: operands ?? '',
        kind: 'command',
        help,
      }),
    ),
    ...Object.entries(preferences.aliases).map(
      ([name, command]): DirectoryEntry => ({
        name,
        aliases: '',
        operands: '',
        kind: 'alias',
        help: `:${command}`,
      }),
    ),
  ];
}

function operandsOf({ scopes }: Resource<Entity>): string {
  const ways = scopes.map((parts) => parts.map((part) => part.toUpperCase()).join(' '));
  return ways.filter((way) => way !== '').join(' or ');
}

/** The source of the list of commands, which needs no service; undefined on every other view. */
export function directorySource(store: AppStore, now: () => number, state: AppState): Source | undefined {
  const view = topView(state);
  if (view.kind !== 'list' || view.resource !== 'commands') return undefined;
  const key = feedKey('commands', {});
  return {
    key,
    tick: () => {
      const rows = directoryRows(store.getState());
      const feed = { ...EMPTY_FEED, status: 'ready' as const, rows, complete: true, updatedAt: now() };
      store.setState(({ feeds }) => ({ feeds: { ...feeds, [key]: feed } }));
      return Promise.resolve();
    },
    failed: () => undefined,
    forget: () => store.setState(({ feeds: { [key]: _, ...feeds } }) => ({ feeds })),
  };
}
