import { defineResource } from './types.ts';

/** @see https://learn.microsoft.com/rest/api/batchservice/application/list#applicationsummary */
export interface Application {
  readonly id: string;
  readonly displayName?: string;
  readonly versions?: readonly string[];
}

export const applications = defineResource<Application>({
  name: 'applications',
  singular: 'application',
  aliases: ['application', 'apps', 'app', 'packages'],
  scopes: [[]],
  help: 'Application packages of the account, which pools and tasks can ask for',
  idOf: (application) => application.id,
  selectable: false,
  deltas: false,
  columns: [
    { id: 'id', title: 'ID', kind: 'text', select: [], sortKey: 'N', maxWidth: 64, value: (row) => row.id },
    { id: 'name', title: 'NAME', kind: 'text', select: [], maxWidth: 64, value: (row) => row.displayName },
    {
      id: 'count',
      title: 'VERSIONS',
      kind: 'number',
      select: [],
      sortKey: 'V',
      value: (row) => row.versions?.length,
    },
    {
      id: 'versions',
      title: 'WHICH',
      kind: 'text',
      select: [],
      maxWidth: 80,
      value: (row) => row.versions?.join(' '),
    },
  ],
  alsoSelect: [],
  stateFilters: [],
  tone: () => 'plain',
  faulty: () => false,
  actions: [],
});
