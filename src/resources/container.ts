import { defineResource, type Entity, type Form } from './types.ts';
import { time } from './wire.ts';

/** @see https://learn.microsoft.com/rest/api/storageservices/list-containers2 */
export interface Container {
  readonly name: string;
  readonly properties?: {
    readonly lastModified?: string;
    readonly etag?: string;
    readonly leaseStatus?: string;
    readonly leaseState?: string;
    readonly publicAccess?: string;
  };
}

/** @see https://learn.microsoft.com/rest/api/storageservices/naming-and-referencing-containers--blobs--and-metadata#container-names */
const NAME = /^(?=.{3,63}$)[a-z0-9](?:-?[a-z0-9])*$/;

function checkContainerName(name: string): string | undefined {
  return NAME.test(name) ? undefined : '3 to 63 lower-case letters, digits and single hyphens between them';
}

const OPEN: Readonly<Record<string, string>> = {
  'its blobs': 'blob',
  'its blobs and their list': 'container',
};

const CONTAINER_FORM: Form = {
  title: 'New container',
  fields: () => [
    {
      name: 'name',
      label: 'Name',
      kind: 'text',
      initial: '',
      hint: 'lower-case letters, digits and hyphens',
      check: checkContainerName,
    },
    {
      name: 'publicAccess',
      label: 'Open to all',
      kind: 'choice',
      initial: 'nothing',
      choices: ['nothing', ...Object.keys(OPEN)],
      hint: 'who has no permission may read this',
    },
  ],
  template: ({ name, publicAccess = '' }) => {
    const open = OPEN[publicAccess];
    return { name, ...(open === undefined ? {} : { publicAccess: open }) };
  },
  check: (body) => checkContainerName(String((body as { name?: unknown }).name ?? '')),
};

/** Containers of the storage account: what tasks read and write is in them. */
export const containers = defineResource<Container>({
  name: 'containers',
  singular: 'container',
  aliases: ['container', 'co', 'storage'],
  scopes: [[]],
  part: 'container',
  help: 'Containers of the storage account: input data and results',
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
      maxWidth: 64,
      value: ({ name }) => name,
    },
    {
      id: 'access',
      title: 'OPEN',
      kind: 'text',
      select: [],
      value: ({ properties }) => properties?.publicAccess ?? 'no',
      tone: ({ properties }) => (properties?.publicAccess === undefined ? undefined : 'waiting'),
    },
    {
      id: 'lease',
      title: 'LEASE',
      kind: 'text',
      select: [],
      value: ({ properties }) => properties?.leaseState,
    },
    {
      id: 'etag',
      title: 'ETAG',
      kind: 'text',
      wide: true,
      select: [],
      value: ({ properties }) => properties?.etag,
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
  stateFilters: [],
  tone: () => 'plain',
  faulty: () => false,
  drill: ({ name }) => ({ resource: 'blobs', scope: { container: name } }),
  actions: [
    {
      name: 'delete',
      label: 'delete',
      dangerous: true,
      warning: 'A container goes with all blobs in it, which tasks may want.',
      disabled: ({ properties }) =>
        properties?.leaseState === 'leased' ? 'somebody has a lease on it' : undefined,
      az: (id) => `az storage container delete --name ${id}`,
    },
  ],
  form: CONTAINER_FORM,
});

/** The body of a container with this name. */
export function containerBody(name: string): Entity {
  const body: { readonly name: string } = { name };
  return body;
}
