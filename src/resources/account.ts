import { defineResource } from './types.ts';

/** An account that azb can go to, as its configuration tells of it; never its key. */
export interface KnownAccount {
  readonly name: string;
  /** Absent, like the two that follow from it, where `problem` says why. */
  readonly endpoint?: string | undefined;
  readonly region?: string | undefined;
  readonly auth?: 'shared key' | 'Entra ID' | undefined;
  /** The rule that makes it read-only; undefined when it can be changed. */
  readonly readOnly?: string | undefined;
  /** Where its endpoint was found: flags, environment, a file's path. */
  readonly source: string;
  /** What keeps it from being used. */
  readonly problem?: string | undefined;
}

/** A row of the list of accounts. */
export interface AccountRow extends KnownAccount {
  readonly isInUse: boolean;
}

/** The accounts that azb knows, as a list of azb's own: what a subscription holds is not asked for. */
export const accounts = defineResource<AccountRow>({
  name: 'accounts',
  singular: 'account',
  aliases: [],
  scopes: [[]],
  help: 'The accounts that azb knows',
  idOf: ({ name }) => name,
  selectable: false,
  deltas: false,
  columns: [
    {
      id: 'name',
      title: 'NAME',
      kind: 'text',
      select: [],
      sortKey: 'N',
      value: ({ name, isInUse }) => (isInUse ? `${name}(*)` : name),
    },
    {
      id: 'endpoint',
      title: 'ENDPOINT',
      kind: 'text',
      select: [],
      sortKey: 'E',
      maxWidth: 50,
      value: ({ endpoint, problem }) => problem ?? endpoint?.replace(/^https:\/\//, ''),
    },
    {
      id: 'region',
      title: 'REGION',
      kind: 'text',
      select: [],
      sortKey: 'R',
      value: ({ region }) => region,
    },
    { id: 'auth', title: 'AUTH', kind: 'text', select: [], sortKey: 'A', value: ({ auth }) => auth },
    {
      id: 'readOnly',
      title: 'READ-ONLY',
      kind: 'text',
      select: [],
      sortKey: 'O',
      maxWidth: 50,
      value: ({ readOnly }) => readOnly ?? 'no',
    },
    {
      id: 'source',
      title: 'SOURCE',
      kind: 'text',
      select: [],
      sortKey: 'S',
      maxWidth: 60,
      value: ({ source }) => source,
    },
  ],
  defaultSort: { column: 'name', descending: false },
  alsoSelect: [],
  stateFilters: [],
  tone: ({ isInUse, problem }) => (problem !== undefined ? 'bad' : isInUse ? 'good' : 'plain'),
  faulty: ({ problem }) => problem !== undefined,
  actions: [],
});
