import { UsageError } from '../lib/errors.ts';
import { splitJobTaskId } from '../lib/job-task-id.ts';
import { findResource, RESOURCES, resourceNamed } from '../resources/registry.ts';
import type { Entity, Resource, Scope, ScopePart } from '../resources/types.ts';
import { topView } from '../store/app-store.ts';
import { flash } from '../store/flash.ts';
import { knownIds } from '../store/known-ids.ts';
import type { Services } from '../store/services.ts';
import type { AppState, ListView } from '../store/state.ts';
import { tailScope } from '../store/tail-names.ts';
import { resetViews } from '../store/views.ts';

/** A list that a command opens: the command's name, the list's resource, and the words that say where it lives. */
export interface ListCommand {
  readonly name: string;
  readonly resource: Resource<Entity>;
  readonly operands: readonly string[];
}

/** Opens a list in a stack of its own. Throws a UsageError when it is not clear where the list lives. */
export function openList(services: Services, command: ListCommand, viewOf: (scope: Scope) => ListView): void {
  const { store, port } = services;
  if (port === undefined) flash(store, 'warn', 'there is no account to ask: the screen says how to get one');
  else resetViews(store, [viewOf(scopeOf(command, store.getState()))]);
}

/** Where the list lives: from the words, or else from the view on the screen. */
function scopeOf({ name, resource, operands }: ListCommand, state: AppState): Scope {
  const ways = resource.scopes.filter((parts) => parts.length === operands.length);
  const way = ways.find(([part]) => isKnown(state, part, operands[0])) ?? ways[0];
  if (way !== undefined) return Object.fromEntries(way.map((part, index) => [part, operands[index] ?? '']));
  if (operands.length === 0) {
    const here = scopeHere(state);
    const known = resource.scopes.find((parts) => parts.every((part) => here[part] !== undefined));
    if (known !== undefined) return Object.fromEntries(known.map((part) => [part, here[part] ?? '']));
  }
  const most = Math.max(...resource.scopes.map((parts) => parts.length));
  if (operands.length > most) {
    const kept = [name, ...operands.slice(0, most)].join(' ');
    const rest = operands.slice(most).join(' ');
    throw new UsageError(`${kept} takes no ${rest} behind it`, { next: `:${kept} /${rest} for a filter` });
  }
  const usages = resource.scopes.map((parts) =>
    [`:${name}`, ...parts.map((part) => part.toUpperCase())].join(' '),
  );
  const all = (resource.everywhere ?? []).map((list) => `:${list}`);
  const next = [...usages, ...all].join(' or ');
  throw new UsageError(`${resource.name} live somewhere: which one?`, { next });
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
      return withinRow(view);
    case 'text':
      return within(view.scope, view.resource, view.id);
    case 'tail':
      return tailScope(view.files);
    default:
      return {};
  }
}

/** A row of a list of all jobs says of which it is. */
function withinRow({ scope, resource, cursor }: ListView): Scope {
  const place = cursor === undefined ? undefined : splitJobTaskId(cursor);
  return resourceNamed(resource).home === undefined || place === undefined
    ? within(scope, resource, cursor)
    : place;
}

/** The scope inside one resource: the tasks of the job that the cursor is on. */
function within(scope: Scope, resource: string, id: string | undefined): Scope {
  const part = findResource(resource)?.part;
  return part === undefined || id === undefined ? scope : { ...scope, [part]: id };
}
