import { defineResource } from './types.ts';
import { integer, time } from './wire.ts';

/** @see https://learn.microsoft.com/rest/api/storageservices/list-blobs */
export interface Blob {
  /** Whole, with the folders in it. */
  readonly name: string;
  /** The folder whose list it is in. */
  readonly folder?: string;
  /** Stands for all blobs whose names begin with its own. */
  readonly isFolder?: boolean;
  readonly properties?: {
    readonly createdOn?: string;
    readonly lastModified?: string;
    readonly etag?: string;
    readonly contentLength?: string | number;
    readonly contentType?: string;
    readonly contentMD5?: string;
    readonly blobType?: string;
    readonly accessTier?: string;
    readonly leaseState?: string;
  };
}

/** What a blob is called inside the folder that is shown. */
function nameInFolder({ name, folder = '' }: Blob): string {
  return name.startsWith(folder) ? name.slice(folder.length) : name;
}

/** Blobs of a container or of a folder in it, the folders first where they stand in the order of names. */
export const blobs = defineResource<Blob>({
  name: 'blobs',
  singular: 'blob',
  aliases: ['blob', 'b'],
  scopes: [['container'], ['container', 'folder']],
  help: 'Blobs of a container, with its folders',
  idOf: ({ name }) => name,
  selectable: false,
  deltas: false,
  columns: [
    { id: 'name', title: 'NAME', kind: 'text', select: [], sortKey: 'N', maxWidth: 100, value: nameInFolder },
    {
      id: 'size',
      title: 'SIZE',
      kind: 'bytes',
      select: [],
      sortKey: 'S',
      value: ({ properties }) => integer(properties?.contentLength),
    },
    {
      id: 'tier',
      title: 'TIER',
      kind: 'text',
      select: [],
      sortKey: 'T',
      value: ({ properties }) => properties?.accessTier ?? properties?.blobType?.replace(/Blob$/, ''),
    },
    {
      id: 'type',
      title: 'TYPE',
      kind: 'text',
      select: [],
      value: ({ properties }) => properties?.contentType,
    },
    {
      id: 'kind',
      title: 'KIND',
      kind: 'text',
      wide: true,
      select: [],
      value: ({ properties }) => properties?.blobType,
    },
    {
      id: 'md5',
      title: 'MD5',
      kind: 'text',
      wide: true,
      select: [],
      value: ({ properties }) => properties?.contentMD5,
    },
    {
      id: 'created',
      title: 'CREATED',
      kind: 'time',
      wide: true,
      select: [],
      value: ({ properties }) => time(properties?.createdOn),
    },
    {
      id: 'modified',
      title: 'MODIFIED',
      kind: 'age',
      select: [],
      sortKey: 'A',
      value: ({ properties }) => time(properties?.lastModified),
    },
  ],
  alsoSelect: [],
  defaultSort: { column: 'name', descending: false },
  refreshEvery: 5,
  stateFilters: [
    { label: 'blobs', test: ({ isFolder }) => isFolder !== true },
    { label: 'folders', test: ({ isFolder }) => isFolder === true },
  ],
  tone: ({ isFolder }) => (isFolder === true ? 'busy' : 'plain'),
  faulty: () => false,
  drill: ({ isFolder, name }, scope) =>
    isFolder === true ? { resource: 'blobs', scope: { ...scope, folder: name } } : undefined,
  actions: [
    {
      name: 'delete',
      label: 'delete',
      dangerous: true,
      removes: true,
      warning: 'A folder goes with everything in it.',
      disabled: ({ properties }) =>
        properties?.leaseState === 'leased' ? 'somebody has a lease on it' : undefined,
      // What is in the line comes quoted already, where it has to be.
      az: (id, { container = 'CONTAINER' }) =>
        /\/'?$/.test(id)
          ? `az storage blob delete-batch --source ${container} --pattern '${literalPattern(id.replace(/^'|'$/g, ''))}*'`
          : `az storage blob delete --container-name ${container} --name ${id}`,
    },
  ],
});

/** A pattern that this name alone fits: az compares as Python's `fnmatch` does. */
function literalPattern(name: string): string {
  return name.replace(/[*?[]/g, '[$&]');
}
