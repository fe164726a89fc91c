import { isDeepStrictEqual } from 'node:util';
import { resourceNamed } from '../../resources/registry.ts';
import type { Entity, Resource, Scope } from '../../resources/types.ts';
import { topView } from '../app-store.ts';
import { flash } from '../flash.ts';
import { cursorIndex } from '../list-moves.ts';
import { portOf, type Services } from '../services.ts';

/** One resource of the account, named by where it lives. */
export interface Subject {
  readonly resource: Resource<Entity>;
  readonly scope: Scope;
  readonly id: string;
}

/** What the user looks at: the row under the cursor, or what is described. */
export function subjectHere({ store, listings }: Services): Subject | undefined {
  const state = store.getState();
  const view = topView(state);
  if (view.kind === 'text') {
    return { resource: resourceNamed(view.resource), scope: view.scope, id: view.id };
  }
  if (view.kind !== 'list') return undefined;
  const listing = listings.of(state, view);
  const row = listing.rows[cursorIndex(view, listing)];
  if (row === undefined) return undefined;
  return subjectOf(listing.resource, view.scope, row);
}

/** What a row of a list is, by where it lives, which need not be where the list does. */
export function subjectOf(resource: Resource<Entity>, scope: Scope, row: Entity): Subject {
  const home = resource.home?.(row);
  if (home === undefined) return { resource, scope, id: resource.idOf(row) };
  return { ...home, resource: resourceNamed(home.resource) };
}

/** `pool mypool`. */
export function subjectName({ resource, id }: Pick<Subject, 'resource' | 'id'>): string {
  return `${resource.singular} ${id}`;
}

/** The whole entity as it is now. */
export async function loadSubject(services: Services, subject: Subject): Promise<Entity> {
  return whileBusy(services, () =>
    portOf(services).get(subject.resource.name, subject.scope, subject.id, new AbortController().signal),
  );
}

/**
 * Whether the user still looks at the list or the text that something was asked for, with nothing open over it:
 * what opens by itself must not take keys that are meant for something else. Says so when it is not.
 */
export function isStillHere(services: Services, subject: Subject): boolean {
  const { overlay, prompt } = services.store.getState();
  const here = subjectHere(services);
  const isSame = here?.resource === subject.resource && isDeepStrictEqual(here.scope, subject.scope);
  const isHere = overlay === undefined && prompt === undefined && isSame;
  if (!isHere) flash(services.store, 'info', `you went on, so ${subjectName(subject)} was not opened`);
  return isHere;
}

/** Counts work that is under way, which tests and the screen go by. */
export async function whileBusy<T>({ store }: Services, work: () => Promise<T>): Promise<T> {
  store.setState((state) => ({ busy: state.busy + 1 }));
  try {
    return await work();
  } finally {
    store.setState((state) => ({ busy: state.busy - 1 }));
  }
}
