import type { Column } from './types.ts';
import { defineResource, type Resource } from './types.ts';

/** Something that an account is in or has to do with; listed to pick from, and nowhere else. */
interface Place {
  readonly id?: string;
  readonly name?: string;
  readonly displayName?: string;
}

function places(name: string, singular: string, idOf: (row: Place) => string): Resource<Place> {
  const column: Column<Place> = { id: 'id', title: 'NAME', kind: 'text', select: [], value: idOf };
  return defineResource<Place>({
    name,
    singular,
    aliases: [],
    scopes: [[], ['subscription']],
    help: `What ${name} there are`,
    idOf,
    selectable: false,
    deltas: false,
    columns: [column],
    alsoSelect: [],
    stateFilters: [],
    tone: () => 'plain',
    faulty: () => false,
    actions: [],
  });
}

/** What a new account can be in, and what it can be linked to. */
export const ACCOUNT_PLACES: readonly Resource<Place>[] = [
  places('subscriptions', 'subscription', ({ id = '' }) => id),
  places('resourcegroups', 'resource group', ({ name = '' }) => name),
  places('locations', 'location', ({ name = '' }) => name),
  places('storageaccounts', 'storage account', ({ name = '' }) => name),
];
