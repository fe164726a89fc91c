import { UsageError } from '../../lib/errors.ts';
import { nearest } from '../../lib/nearest.ts';
import { findResource, RESOURCES } from '../../resources/registry.ts';
import type { Entity, Resource, Scope, ScopePart } from '../../resources/types.ts';
import type { Arguments } from '../command-line.ts';

const PARTS: readonly ScopePart[] = ['pool', 'node', 'job', 'task', 'application', 'container'];

/** The resource that a word names. @throws UsageError with the nearest name. */
export function requireResource(word: string): Resource<Entity> {
  const found = findResource(word);
  if (found !== undefined) return found;
  const names = RESOURCES.map(({ name }) => name);
  const meant = nearest(word, [...names, ...RESOURCES.map(({ singular }) => singular)]);
  throw new UsageError(`there is no resource ${word}`, {
    next: meant === undefined ? `one of ${names.join(', ')}` : `azb get ${meant}`,
  });
}

/** The scope that the options name. @throws UsageError when it does not fit the resource. */
export function scopeFrom(
  args: Arguments,
  resource: Resource<Entity>,
  verb: 'get' | 'delete' = 'get',
): Scope {
  const given = PARTS.filter((part) => args.text(part) !== undefined);
  const fitting = resource.scopes.find(
    (needed) => needed.length === given.length && needed.every((part) => given.includes(part)),
  );
  if (fitting === undefined) throw misfit(resource, given, verb);
  return Object.fromEntries(fitting.map((part) => [part, args.text(part) ?? '']));
}

function misfit(resource: Resource<Entity>, given: readonly ScopePart[], verb: 'get' | 'delete'): UsageError {
  const ways = resource.scopes.map((parts) =>
    parts.map((part) => (part === 'application' ? `an ${part}` : `a ${part}`)).join(' and '),
  );
  const example = (resource.scopes[0] ?? []).map((part) => `--${part} ${part.toUpperCase()}`);
  const all = verb === 'get' ? (resource.everywhere ?? []).map((list) => `azb get ${list}`) : [];
  const line = verb === 'get' ? ['azb get', resource.name] : ['azb delete', resource.singular, 'ID…'];
  const next = [[...line, ...example].join(' '), ...all].join(', or ');
  const superfluous = given.find((part) => !resource.scopes.some((parts) => parts.includes(part)));
  if (superfluous !== undefined) {
    return new UsageError(`${resource.name} are not asked for by ${superfluous}`, { next });
  }
  return new UsageError(`${resource.name} need ${ways.join(', or ')}`, { next });
}
