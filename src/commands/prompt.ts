import { UsageError } from '../lib/errors.ts';
import { nearest } from '../lib/nearest.ts';
import { findResource, RESOURCES } from '../resources/registry.ts';
import type { Services } from '../store/services.ts';
import { listView } from '../store/views.ts';
import { openList } from './open-list.ts';
import { findCommand, PROMPT_COMMANDS } from './prompt-commands.ts';

/**
 * Runs what stands behind `:`: a command, or a resource with where it lives and a filter, as in
 * `tasks myjob /failed`. Throws a UsageError with the next step when it is not understood.
 */
export function runPromptCommand(services: Services, text: string): void {
  const { aliases } = services.store.getState().preferences;
  const { words, rest, filter } = splitCommand(expandAliases(text, aliases));
  const [name = '', ...operands] = words;
  const command = findCommand(name);
  if (command !== undefined) {
    command.run(services, operands, filter);
    return;
  }
  const resource = findResource(name);
  if (resource === undefined) {
    const names = [...commandNames(), ...Object.keys(aliases)];
    const meant = nearest(name, names);
    throw new UsageError(`there is no command or resource ${name}`, {
      next: meant === undefined ? ': and tab shows what there is' : `:${wholeName(meant)}`,
    });
  }
  const place = resource.scopes.some((parts) => parts.includes('folder')) ? folderOperands(rest) : operands;
  openList(services, { name: resource.name, resource, operands: place }, (scope) =>
    listView(resource.name, scope, filter),
  );
}

/** What a short name stands for: `nodes` says more than `no`. */
function wholeName(name: string): string {
  return findResource(name)?.name ?? findCommand(name)?.names[0] ?? name;
}

/** Every word that may stand first, the user's own left out. */
function commandNames(): string[] {
  return [
    ...RESOURCES.flatMap(({ name, singular, aliases }) => [name, singular, ...aliases]),
    ...PROMPT_COMMANDS.flatMap(({ names }) => names),
  ];
}

/**
 * The command with the user's alias in front put in full, again and again, but each alias once: `t: tasks` and
 * `tasks: t myjob` must end. What follows the alias follows the command.
 */
export function expandAliases(text: string, aliases: Readonly<Record<string, string>>): string {
  let expanded = text.trim();
  const used = new Set<string>();
  for (;;) {
    const name = /^[^\s/]*/.exec(expanded)?.[0].toLowerCase() ?? '';
    const command = Object.hasOwn(aliases, name) ? aliases[name] : undefined;
    if (command === undefined || used.has(name)) return expanded;
    used.add(name);
    expanded = command + expanded.slice(name.length);
  }
}

/** `rest` is all that follows the name, as it was typed. */
function splitCommand(text: string): { words: string[]; rest: string; filter: string } {
  const match = /^(.*?)(?:\s\/(.*))?$/s.exec(text.trim());
  const place = match?.[1] ?? '';
  const words = place.split(/[\s/]+/).filter((word) => word !== '');
  return { words, rest: place.replace(/^\S*\s*/, ''), filter: match?.[2] ?? '' };
}

/** `input`, `input/some/folder` or `input some/folder/`: names of folders have slashes in them, and spaces too. */
function folderOperands(rest: string): string[] {
  const [, container, folder = ''] = /^([^\s/]+)[\s/]*(.*)$/s.exec(rest) ?? [];
  if (container === undefined) return [];
  return folder === '' ? [container] : [container, folder.endsWith('/') ? folder : `${folder}/`];
}
