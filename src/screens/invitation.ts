import type { Binding } from '../keys/types.ts';
import { resourceNamed } from '../resources/registry.ts';
import type { Entity, Resource } from '../resources/types.ts';
import { feedKeyOf } from '../store/keys-of.ts';
import type { AppState, ListView, View } from '../store/state.ts';

/** Keys that make what no form makes, and what they do. */
const MAKERS: Readonly<Record<string, readonly [binding: string, does: string]>> = {
  blobs: ['blobs.upload', 'uploads some'],
  applications: ['applications.publish', 'makes one'],
  packages: ['packages.publish', 'makes one'],
};

/** The key that makes the first of a resource, and what it does; undefined where azb makes none. */
export function makerOf({
  name,
  form,
}: Resource<Entity>): readonly [binding: string, does: string] | undefined {
  return MAKERS[name] ?? (form === undefined ? undefined : ['table.new', 'makes one']);
}

/** Whether a list was read and has nothing, so that its picture invites to make the first. */
export function isEmptyList(state: AppState, view: View): boolean {
  if (view.kind !== 'list') return false;
  const feed = state.feeds[feedKeyOf(view)];
  return feed?.updatedAt !== undefined && feed.rows.length === 0;
}

/** The bindings with the one first that the picture of an empty list names: no menu must cut that off. */
export function withMakerFirst(view: ListView, bindings: readonly Binding[]): readonly Binding[] {
  const [id] = makerOf(resourceNamed(view.resource)) ?? [];
  const maker = bindings.find((binding) => binding.id === id);
  return maker === undefined ? bindings : [maker, ...bindings.filter((binding) => binding !== maker)];
}
