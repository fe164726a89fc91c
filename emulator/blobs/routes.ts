import type { Needs } from './access.ts';
import type { Operate } from './answer-parts.ts';
import {
  deleteBlob,
  getBlob,
  getBlobMetadata,
  getBlockList,
  headBlob,
  setBlobMetadata,
  setBlobProperties,
  setBlobTier,
} from './blob-operations.ts';
import {
  createContainer,
  deleteContainer,
  getContainer,
  getContainerAcl,
  getContainerMetadata,
  setContainerAcl,
  setContainerMetadata,
} from './container-operations.ts';
import { abortCopy, copyBlob, copySourceOf } from './copy-operations.ts';
import { listBlobs, listContainers } from './listing.ts';
import type { StorageRequest } from './request.ts';
import { accountInformation, serviceProperties } from './service-operations.ts';
import { notDone, StorageFault } from './storage-fault.ts';
import { appendBlock, putBlob, putBlock, putBlockList } from './write-operations.ts';

/** An operation of the blob service that the emulator has. */
export interface BlobRoute extends Needs {
  /** The service's name of it. */
  readonly name: string;
  readonly methods: readonly string[];
  /** Values of the query's `restype` and `comp`; empty when it has none. */
  readonly restype: '' | 'account' | 'service' | 'container';
  readonly comp: string;
  readonly operate: Operate;
}

const READ = ['GET', 'HEAD'];
const WRITE = ['PUT'];

/** @see https://learn.microsoft.com/rest/api/storageservices/operations-on-the-account--blob-service- */
const BLOB_ROUTES: readonly BlobRoute[] = [
  route('List Containers', 'service', ['GET'], '', 'list', listContainers, { account: 'l' }),
  route('Get Blob Service Properties', 'service', ['GET'], 'service', 'properties', serviceProperties, {
    account: 'r',
  }),
  route('Get Account Information', 'service', READ, 'account', 'properties', accountInformation, {
    account: 'rwdlacup',
    service: 'racwdl',
  }),
  route('Create Container', 'container', WRITE, 'container', '', createContainer, { account: 'cw' }),
  route('Delete Container', 'container', ['DELETE'], 'container', '', deleteContainer, { account: 'd' }),
  route('Get Container Properties', 'container', READ, 'container', '', getContainer, {
    account: 'r',
    open: 'container',
  }),
  route('Get Container Metadata', 'container', READ, 'container', 'metadata', getContainerMetadata, {
    account: 'r',
    open: 'container',
  }),
  route('Set Container Metadata', 'container', WRITE, 'container', 'metadata', setContainerMetadata, {
    account: 'w',
  }),
  route('Get Container ACL', 'container', READ, 'container', 'acl', getContainerAcl, { account: '' }),
  route('Set Container ACL', 'container', WRITE, 'container', 'acl', setContainerAcl, { account: '' }),
  route('List Blobs', 'container', ['GET'], 'container', 'list', listBlobs, {
    account: 'l',
    service: 'l',
    open: 'container',
  }),
  route('Put Blob', 'blob', WRITE, '', '', putBlob, { account: 'cw', service: 'cw' }),
  route('Get Blob', 'blob', ['GET'], '', '', getBlob, { account: 'r', service: 'r', open: 'blob' }),
  route('Get Blob Properties', 'blob', ['HEAD'], '', '', headBlob, {
    account: 'r',
    service: 'r',
    open: 'blob',
  }),
  route('Delete Blob', 'blob', ['DELETE'], '', '', deleteBlob, { account: 'd', service: 'd' }),
  route('Get Blob Metadata', 'blob', READ, '', 'metadata', getBlobMetadata, {
    account: 'r',
    service: 'r',
    open: 'blob',
  }),
  route('Set Blob Metadata', 'blob', WRITE, '', 'metadata', setBlobMetadata, { account: 'w', service: 'w' }),
  route('Set Blob Properties', 'blob', WRITE, '', 'properties', setBlobProperties, {
    account: 'w',
    service: 'w',
  }),
  route('Set Blob Tier', 'blob', WRITE, '', 'tier', setBlobTier, { account: 'w', service: 'w' }),
  route('Put Block', 'blob', WRITE, '', 'block', putBlock, { account: 'cw', service: 'cw' }),
  route('Put Block List', 'blob', WRITE, '', 'blocklist', putBlockList, { account: 'cw', service: 'cw' }),
  route('Get Block List', 'blob', ['GET'], '', 'blocklist', getBlockList, {
    account: 'r',
    service: 'r',
    open: 'blob',
  }),
  route('Append Block', 'blob', WRITE, '', 'appendblock', appendBlock, { account: 'aw', service: 'aw' }),
  route('Abort Copy Blob', 'blob', WRITE, '', 'copy', abortCopy, { account: 'w', service: 'w' }),
];

/** Copy Blob differs from Put Blob by a header only. */
const COPY_ROUTE: BlobRoute = route('Copy Blob', 'blob', WRITE, '', '', copyBlob, {
  account: 'cw',
  service: 'cw',
});

/** What `--fault` calls the operations, and the service's own logs too: their names in one word. */
export const BLOB_OPERATIONS: readonly string[] = [...BLOB_ROUTES, COPY_ROUTE].map(operationOf);

/** The name of an operation in one word, such as PutBlockList. */
export function operationOf({ name }: Pick<BlobRoute, 'name'>): string {
  return name.replaceAll(' ', '');
}

function route(
  name: string,
  level: Needs['level'],
  methods: readonly string[],
  restype: BlobRoute['restype'],
  comp: string,
  operate: Operate,
  needs: Omit<Needs, 'level'>,
): BlobRoute {
  return { name, level, methods, restype, comp, operate, ...needs };
}

/** The operation that a request asks for. @throws StorageFault for what is not served */
export function findBlobRoute(request: StorageRequest): BlobRoute {
  const { query, method } = request;
  const [restype, comp] = [query.get('restype') ?? '', query.get('comp') ?? ''];
  // Facts about the account are told under any of its URLs.
  const level = restype === 'account' ? 'service' : levelOf(request);
  for (const parameter of ['snapshot', 'versionid']) {
    if (query.has(parameter))
      throw notDone(`${parameter} in the query: blobs have neither snapshots nor versions`);
  }
  const matching = BLOB_ROUTES.filter(
    (each) => each.level === level && each.restype === restype && each.comp === comp,
  );
  const found = matching.find(({ methods }) => methods.includes(method));
  if (found === undefined) throw unserved(request, level, matching);
  if (copySourceOf(request) === undefined) return found;
  if (found.name === 'Put Blob') return COPY_ROUTE;
  throw notDone(`${found.name} From URL; Copy Blob is there`);
}

function levelOf({ container, blob }: StorageRequest): Needs['level'] {
  if (container === undefined) return 'service';
  return blob === undefined ? 'container' : 'blob';
}

function unserved(
  { query, method, container, blob }: StorageRequest,
  level: Needs['level'],
  matching: readonly BlobRoute[],
): StorageFault {
  if (matching.length > 0 && level !== 'service') {
    const allowed = matching.flatMap(({ methods }) => methods).join(', ');
    return new StorageFault('UnsupportedHttpVerb', { SupportedVerbs: allowed });
  }
  // A path of one part without `restype` is a blob of the root container.
  if (container !== undefined && blob === undefined && !query.has('restype'))
    return notDone('blobs in $root by their name alone');
  const asked = [...query].filter(([name]) => name === 'restype' || name === 'comp');
  return notDone(`${method} ${asked.map((pair) => pair.join('=')).join('&')} of a ${level}`);
}
