import { defineResource } from './types.ts';

/** A file that was saved from azb. */
export interface Dump {
  readonly name: string;
  readonly path: string;
  readonly size: number;
  readonly modified: Date;
}

/** What was saved, as a list of azb's own: its files are on this machine. */
export const dumps = defineResource<Dump>({
  name: 'dumps',
  singular: 'dump',
  aliases: [],
  scopes: [[]],
  help: 'What was saved',
  // What is copied of it is the path.
  idOf: ({ path }) => path,
  selectable: false,
  deltas: false,
  isLocal: true,
  columns: [
    {
      id: 'name',
      title: 'NAME',
      kind: 'text',
      select: [],
      sortKey: 'N',
      maxWidth: 100,
      value: ({ name }) => name,
    },
    { id: 'size', title: 'SIZE', kind: 'bytes', select: [], sortKey: 'S', value: ({ size }) => size },
    {
      id: 'modified',
      title: 'AGE',
      kind: 'age',
      select: [],
      sortKey: 'A',
      value: ({ modified }) => modified,
    },
  ],
  defaultSort: { column: 'modified', descending: true },
  alsoSelect: [],
  stateFilters: [],
  tone: () => 'plain',
  faulty: () => false,
  actions: [{ name: 'delete', label: 'delete', dangerous: true, removes: true }],
});
