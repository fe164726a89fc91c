import { UsageError } from '../lib/errors.ts';
import { nearest } from '../lib/nearest.ts';
import { findResource, RESOURCES } from '../resources/registry.ts';
import type { Entity, Resource, Scope, ScopePart } from '../resources/types.ts';
import { topView } from '../store/create.ts';
import { flash } from '../store/flash.ts';
import { knownIds } from '../store/known-ids.ts';
import type { Services } from '../store/services.ts';
import type { AppState } from '../store/state.ts';
import { listView, resetViews } from '../store/views.ts';
import { findCommand, PROMPT_COMMANDS } from './prompt-commands.ts';

/**
 * Runs what stands behind `:`: a command, or a resource with where it lives and a filter, as in
 * `tasks myjob /failed`. Throws a UsageError with the next step when it is not understood.
 */
export function runPromptCommand(services: Services, text: string): void {
  const { aliases } = services.store.getState().preferences;
  const { words, filter } = splitCommand(expandAliases(text, aliases));
  const [name = '', ...operands] = words;
  const command = findCommand(name);
  if (command !== undefined) {
    command.run(services, operands);
    return;
  }
  const resource = findResource(name);
  if (resource === undefined) {
    const names = [...commandNames(), ...Object.keys(aliases)];
    const meant = nearest(name, names);
    throw new UsageError(`there is no command or resource ${name}`, {
      next: meant === undefined ? ': and tab shows what there is' : `:${meant}`,
    });
  }
  if (services.port === undefined) {
    flash(services.store, 'warn', 'there is no account to ask: the screen says how to get one');
    return;
  }
  const scope = scopeOf(resource, operands, services.store.getState());
  resetViews(services.store, [listView(resource.name, scope, filter)]);
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

function splitCommand(text: string): { words: string[]; filter: string } {
  const match = /^(.*?)(?:\s\/(.*))?$/s.exec(text.trim());
  const words = (match?.[1] ?? '').split(/[\s/]+/).filter((word) => word !== '');
  return { words, filter: match?.[2] ?? '' };
}

/** Where the list lives: from the words, or else from the view on the screen. */
function scopeOf(resource: Resource<Entity>, operands: readonly string[], state: AppState): Scope {
  const ways = resource.scopes.filter((parts) => parts.length === operands.length);
  const way = ways.find(([part]) => isKnown(state, part, operands[0])) ?? ways[0];
  if (way !== undefined) return Object.fromEntries(way.map((part, index) => [part, operands[index] ?? '']));
  if (operands.length === 0) {
    const here = scopeHere(state);
    const known = resource.scopes.find((parts) => parts.every((part) => here[part] !== undefined));
    if (known !== undefined) return Object.fromEntries(known.map((part) => [part, here[part] ?? '']));
  }
  const usages = resource.scopes.map((parts) =>
    [`:${resource.name}`, ...parts.map((part) => part.toUpperCase())].join(' '),
  );
  throw new UsageError(`${resource.name} live somewhere: which one?`, { next: usages.join(' or ') });
}

/** `files a b` is of a job and a task or of a pool and a node: an id that is known decides. */
function isKnown(state: AppState, part: ScopePart | undefined, id: string | undefined): boolean {
  const owner = RESOURCES.find(
    (candidate) => candidate.part === part && candidate.scopes.some((parts) => parts.length === 0),
  );
  return owner !== undefined && id !== undefined && knownIds(state, owner, {}).includes(id);
}

function scopeHere(state: AppState): Scope {
  const view = topView(state);
  switch (view.kind) {
    case 'list':
      return within(view.scope, view.resource, view.cursor);
    case 'text':
      return within(view.scope, view.resource, view.id);
    case 'tail': {
      const { kind: _kind, path: _path, ...scope } = view.file;
      return scope;
    }
    default:
      return {};
  }
}

/** The scope inside one resource: the tasks of the job that the cursor is on. */
function within(scope: Scope, resource: string, id: string | undefined): Scope {
  const part = findResource(resource)?.part;
  return part === undefined || id === undefined ? scope : { ...scope, [part]: id };
}
