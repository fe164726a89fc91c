import type { DirectoryEntry } from '../resources/directory.ts';
import { findResource, RESOURCES } from '../resources/registry.ts';
import type { Entity, Resource } from '../resources/types.ts';
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
    ...PROMPT_COMMANDS.filter(({ names: [name = ''] }) => findResource(name)?.name !== name).map(
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
