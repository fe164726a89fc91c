import { defineResource } from './types.ts';

/** Something that can be typed behind `:`. */
export interface DirectoryEntry {
  readonly name: string;
  /** Other names for it. */
  readonly aliases: string;
  /** What follows the name: `JOB`, `JOB TASK or POOL NODE`. */
  readonly operands: string;
  readonly kind: 'resource' | 'command' | 'alias';
  readonly help: string;
}

/** All that `:` knows, as a list of azb's own: it is no list of the service. */
export const directory = defineResource<DirectoryEntry>({
  name: 'commands',
  singular: 'command',
  aliases: [],
  scopes: [[]],
  help: 'All that can be typed behind :',
  idOf: ({ name }) => name,
  selectable: false,
  deltas: false,
  columns: [
    { id: 'name', title: 'NAME', kind: 'text', select: [], sortKey: 'N', value: ({ name }) => name },
    { id: 'operands', title: 'OF', kind: 'text', select: [], value: ({ operands }) => operands },
    { id: 'help', title: 'HELP', kind: 'text', select: [], maxWidth: 60, value: ({ help }) => help },
    { id: 'aliases', title: 'ALSO', kind: 'text', select: [], value: ({ aliases }) => aliases },
    { id: 'kind', title: 'KIND', kind: 'text', select: [], sortKey: 'K', value: ({ kind }) => kind },
  ],
  alsoSelect: [],
  stateFilters: [],
  tone: ({ kind }) => (kind === 'resource' ? 'plain' : kind === 'command' ? 'waiting' : 'good'),
  faulty: () => false,
  actions: [],
});
