import { shellQuote } from '../lib/shell-quote.ts';
import { defineResource } from './types.ts';
import { time } from './wire.ts';

/**
 * A version of an application, as Azure Resource Manager tells of it, and whether it is the default one.
 * @see https://learn.microsoft.com/rest/api/batchmanagement/application-package/list
 */
export interface PackageRow {
  readonly name: string;
  readonly isDefault: boolean;
  readonly properties?: {
    /** `Pending` until its archive was taken over. */
    readonly state?: string;
    readonly format?: string;
    readonly lastActivationTime?: string;
  };
}

const isPending = ({ properties }: PackageRow): boolean => properties?.state === 'Pending';

export const packages = defineResource<PackageRow>({
  name: 'packages',
  singular: 'package',
  aliases: ['pkg', 'versions'],
  scopes: [['application']],
  help: 'The versions of an application, each with a package',
  idOf: ({ name }) => name,
  selectable: false,
  unfiltered: true,
  deltas: false,
  refreshEvery: 5,
  columns: [
    {
      id: 'version',
      title: 'VERSION',
      kind: 'text',
      select: [],
      sortKey: 'N',
      maxWidth: 64,
      value: ({ name }) => name,
    },
    {
      id: 'state',
      title: 'STATE',
      kind: 'state',
      select: [],
      sortKey: 'S',
      value: ({ properties }) => properties?.state,
    },
    { id: 'default', title: 'DEFAULT', kind: 'flag', select: [], value: ({ isDefault }) => isDefault },
    {
      id: 'format',
      title: 'FORMAT',
      kind: 'text',
      select: [],
      value: ({ properties }) => properties?.format,
    },
    {
      id: 'activated',
      title: 'ACTIVATED',
      kind: 'age',
      select: [],
      sortKey: 'A',
      value: ({ properties }) => time(properties?.lastActivationTime),
    },
  ],
  alsoSelect: [],
  stateFilters: [],
  tone: (row) => (isPending(row) ? 'waiting' : 'good'),
  faulty: isPending,
  actions: [
    {
      name: 'delete',
      label: 'delete',
      dangerous: true,
      warning: 'Tasks and nodes that ask for it from then on fail.',
      az: (id, { application = 'APPLICATION' }) =>
        `az batch application package delete -g GROUP -n ACCOUNT --application-name ${shellQuote(application)} --version ${shellQuote(id)} --yes`,
    },
    {
      name: 'makeDefault',
      label: 'make the default',
      dangerous: true,
      warning: 'Tasks and nodes that name no version get it from then on.',
      alone: true,
      disabled: (row) => {
        if (row.isDefault) return 'it is the default already';
        return isPending(row) ? 'it is not active' : undefined;
      },
      az: (id, { application = 'APPLICATION' }) =>
        `az batch application set -g GROUP -n ACCOUNT --application-name ${shellQuote(application)} --default-version ${shellQuote(id)}`,
    },
  ],
});
