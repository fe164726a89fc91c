import { shellQuote } from '../lib/shell-quote.ts';
import { defineResource } from './types.ts';

export const APPLICATION_ID = /^[A-Za-z0-9_-]{1,64}$/;
export const VERSION_NAME = /^(?!\.)[A-Za-z0-9_.-]{1,64}$/;

/** Stands in the form until a version is picked, so that a hasty enter deletes nothing. No version has a space. */
const NONE_PICKED = 'pick one';

/** @see https://learn.microsoft.com/rest/api/batchservice/application/list#applicationsummary */
export interface Application {
  readonly id: string;
  readonly displayName?: string;
  readonly versions?: readonly string[];
}

export const applications = defineResource<Application>({
  name: 'applications',
  singular: 'application',
  aliases: ['apps', 'app'],
  scopes: [[]],
  help: 'Application packages of the account, which pools and tasks can ask for',
  idOf: (application) => application.id,
  selectable: false,
  unfiltered: true,
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
  part: 'application',
  drill: ({ id }) => ({ resource: 'packages', scope: { application: id } }),
  actions: [
    {
      name: 'delete',
      label: 'delete',
      dangerous: true,
      options: [
        { argument: 'versions', label: 'Its versions', values: ['must be gone before', 'go with it'] },
      ],
      warning: 'Tasks and nodes that ask for it from then on fail.',
      az: (id) =>
        `az batch application delete -g GROUP -n ACCOUNT --application-name ${shellQuote(id)} --yes`,
    },
    {
      name: 'deleteVersion',
      label: 'delete a version of',
      button: 'Delete',
      dangerous: true,
      alone: true,
      disabled: ({ versions = [] }) => (versions.length > 0 ? undefined : 'it has none'),
      fields: ({ versions = [] }) => [
        {
          name: 'version',
          label: 'Version',
          kind: 'choice',
          initial: NONE_PICKED,
          choices: [NONE_PICKED, ...versions],
          hint: 'tasks and nodes that ask for it from then on fail',
          check: (value) => (value === NONE_PICKED ? 'which one? ← → change it' : undefined),
        },
      ],
      az: (id, _scope, { version }) =>
        `az batch application package delete -g GROUP -n ACCOUNT --application-name ${shellQuote(id)} --version ${version === NONE_PICKED ? 'VERSION' : version} --yes`,
    },
  ],
});
