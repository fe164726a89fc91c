import { defineResource } from './types.ts';
import { integer, time } from './wire.ts';

/** @see https://learn.microsoft.com/rest/api/batchservice/file/list-from-task#nodefile */
export interface NodeFile {
  readonly name: string;
  readonly url?: string;
  readonly isDirectory?: boolean;
  readonly properties?: {
    readonly creationTime?: string;
    readonly lastModified?: string;
    readonly contentLength?: string | number;
    readonly contentType?: string;
    readonly fileMode?: string;
  };
}

export const files = defineResource<NodeFile>({
  name: 'files',
  singular: 'file',
  aliases: ['file', 'f'],
  scopes: [
    ['job', 'task'],
    ['pool', 'node'],
  ],
  help: 'Files of a task or of a node',
  idOf: (file) => file.name,
  selectable: false,
  deltas: false,
  columns: [
    {
      id: 'name',
      title: 'NAME',
      kind: 'text',
      select: [],
      sortKey: 'N',
      maxWidth: 100,
      value: (file) => (file.isDirectory === true ? `${file.name}/` : file.name),
    },
    {
      id: 'size',
      title: 'SIZE',
      kind: 'bytes',
      select: [],
      sortKey: 'S',
      value: (file) => integer(file.properties?.contentLength),
    },
    {
      id: 'mode',
      title: 'MODE',
      kind: 'text',
      wide: true,
      select: [],
      value: (file) => file.properties?.fileMode,
    },
    {
      id: 'type',
      title: 'TYPE',
      kind: 'text',
      wide: true,
      select: [],
      value: (file) => file.properties?.contentType,
    },
    {
      id: 'modified',
      title: 'MODIFIED',
      kind: 'age',
      select: [],
      sortKey: 'A',
      value: (file) => time(file.properties?.lastModified),
    },
  ],
  alsoSelect: [],
  defaultSort: { column: 'name', descending: false },
  stateFilters: [
    { label: 'files', test: (file) => file.isDirectory !== true },
    { label: 'directories', test: (file) => file.isDirectory === true },
  ],
  tone: (file) => (file.isDirectory === true ? 'busy' : 'plain'),
  faulty: () => false,
  actions: [
    {
      name: 'delete',
      label: 'delete',
      dangerous: true,
      removes: true,
      warning: 'A directory goes with everything in it.',
      az: (id, scope) =>
        scope.node === undefined
          ? `az batch task file delete --job-id ${scope.job} --task-id ${scope.task} --file-path ${id} --recursive true --yes`
          : `az batch node file delete --pool-id ${scope.pool} --node-id ${scope.node} --file-path ${id} --recursive true --yes`,
    },
  ],
});
