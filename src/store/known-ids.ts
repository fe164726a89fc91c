import type { Entity, Resource, Scope } from '../resources/types.ts';
import { whileBusy } from './actions/subject.ts';
import { feedKey } from './keys-of.ts';
import { portOf, type Services } from './services.ts';
import type { AppState } from './state.ts';

/** Ids of a list as far as they are known: from its rows when it was opened, or else as they were asked for. */
export function knownIds(state: AppState, resource: Resource<Entity>, scope: Scope): readonly string[] {
  const key = feedKey(resource.name, scope);
  const rows = state.feeds[key]?.rows.map((row) => resource.idOf(row));
  return rows ?? state.knownIds[key] ?? [];
}

/** Whether there is no need to ask for the ids of a list. */
export function areIdsKnown(state: AppState, resource: Resource<Entity>, scope: Scope): boolean {
  const key = feedKey(resource.name, scope);
  return state.feeds[key]?.updatedAt !== undefined || state.askedIds.includes(key);
}

/** Asks for the first page of a list's ids: enough to complete a word. What cannot be asked stays unknown. */
export async function loadIds(services: Services, resource: Resource<Entity>, scope: Scope): Promise<void> {
  const { store } = services;
  const key = feedKey(resource.name, scope);
  const set = (ids: readonly string[]) =>
    store.setState((state) => ({ knownIds: { ...state.knownIds, [key]: ids } }));
  store.setState(({ askedIds }) => ({ askedIds: [...askedIds, key] }));
  const query = resource.selectable ? { select: ['id'] } : {};
  const { signal } = new AbortController();
  const ask = async (): Promise<void> => {
    const page = await portOf(services).listPage(resource.name, scope, query, signal);
    set(page.rows.map((row) => resource.idOf(row)));
  };
  // A completion that fails must not disturb what is typed: the command itself will say what is wrong.
  await whileBusy(services, ask).catch(() => undefined);
}
