import { UsageError } from '../lib/errors.ts';
import { findResource, RESOURCES } from '../resources/registry.ts';
import type { Entity, Resource, Scope } from '../resources/types.ts';
import { topView } from '../store/create.ts';
import { flash } from '../store/flash.ts';
import type { Services } from '../store/services.ts';
import type { AppState } from '../store/state.ts';
import { listView, resetViews } from '../store/views.ts';

/** A `:` command that is no resource. */
export interface PromptCommand {
  readonly names: readonly string[];
  readonly help: string;
  run(services: Services): void;
}

export const PROMPT_COMMANDS: readonly PromptCommand[] = [
  { names: ['quit', 'q', 'q!', 'exit'], help: 'Quit azb', run: ({ host }) => host.quit() },
  { names: ['refresh'], help: 'Ask the service again now', run: ({ poller }) => poller.refresh() },
];

/**
 * Runs what stands behind `:`: a command, or a resource with where it lives and a filter, as in
 * `tasks myjob /failed`. Throws a UsageError with the next step when it is not understood.
 */
export function runPromptCommand(services: Services, text: string): void {
  const { words, filter } = splitCommand(text);
  const [name = '', ...operands] = words;
  const command = PROMPT_COMMANDS.find((candidate) => candidate.names.includes(name.toLowerCase()));
  if (command !== undefined) {
    command.run(services);
    return;
  }
  const resource = findResource(name);
  if (resource === undefined) {
    throw new UsageError(`there is no command or resource ${name}`, {
      next: ': and tab shows what there is',
    });
  }
  if (services.port === undefined) {
    flash(services.store, 'warn', 'there is no account to ask: the screen says how to get one');
    return;
  }
  const scope = scopeOf(resource, operands, services.store.getState());
  resetViews(services.store, [listView(resource.name, scope, filter)]);
}

function splitCommand(text: string): { words: string[]; filter: string } {
  const match = /^(.*?)(?:\s\/(.*))?$/s.exec(text.trim());
  const words = (match?.[1] ?? '').split(/[\s/]+/).filter((word) => word !== '');
  return { words, filter: match?.[2] ?? '' };
}

/** Where the list lives: from the words, or else from the view on the screen. */
function scopeOf(resource: Resource<Entity>, operands: readonly string[], state: AppState): Scope {
  const way = resource.scopes.find((parts) => parts.length === operands.length);
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

function scopeHere(state: AppState): Scope {
  const view = topView(state);
  if (view.kind === 'list') {
    const part = findResource(view.resource)?.part;
    return part === undefined || view.cursor === undefined
      ? view.scope
      : { ...view.scope, [part]: view.cursor };
  }
  return view.kind === 'text' ? view.scope : {};
}

/** What could be meant, best first: names, aliases, and live ids of the lists that are known. */
export function suggestCommands(state: AppState, text: string): readonly string[] {
  const match = /^\s*(\S*)(\s+)?(\S*)$/.exec(text);
  if (match === null) return [];
  const [, name = '', space, operand = ''] = match;
  if (space === undefined) return suggestNames(name);
  const resource = findResource(name);
  const owner = resource?.scopes[0]?.[0];
  if (owner === undefined) return [];
  const ids = knownIds(state, owner).filter(
    (id) => id.toLowerCase().startsWith(operand.toLowerCase()) && id !== operand,
  );
  return ids.slice(0, 50).map((id) => `${name} ${id}`);
}

function suggestNames(typed: string): string[] {
  const lower = typed.toLowerCase();
  const names = [
    ...RESOURCES.map((resource) => resource.name),
    ...PROMPT_COMMANDS.flatMap((command) => command.names.slice(0, 1)),
  ];
  const starts = names.filter((name) => name.startsWith(lower));
  const alias = findResource(lower)?.name;
  const contains = names.filter((name) => !name.startsWith(lower) && name.includes(lower));
  return [...new Set([...starts, ...(alias === undefined ? [] : [alias]), ...contains])].filter(
    (name) => name !== lower,
  );
}

function knownIds(state: AppState, part: string): string[] {
  const resource = RESOURCES.find(
    (candidate) => candidate.part === part && candidate.scopes[0]?.length === 0,
  );
  if (resource === undefined) return [];
  return Object.entries(state.feeds)
    .filter(([key]) => key.startsWith(`${resource.name}|`))
    .flatMap(([, feed]) => feed.rows.map((row) => resource.idOf(row)));
}
