import type { BlobItem, BlobServiceClient, ContainerItem } from '@azure/storage-blob';
import type { Entity, Scope } from '../../resources/types.ts';
import { need } from '../adapter.ts';
import type { ListQuery, Page } from '../port.ts';

/** What the storage service puts on a page at most is more than a screen can wait for. */
const PAGE = 1000;

/** The filter that lists of blobs know: the beginning of a name inside the folder. */
const PREFIX = /^startswith\(name,'((?:[^']|'')*)'\)$/;

/** One page of the containers of an account. */
export async function listContainers(
  client: BlobServiceClient,
  query: ListQuery,
  signal: AbortSignal,
): Promise<Page> {
  const prefix = prefixIn(query);
  const pages = client
    .listContainers({ abortSignal: signal, includeMetadata: true, ...(prefix === '' ? {} : { prefix }) })
    .byPage(settingsOf(query));
  const { value: page } = await pages.next();
  const rows: Entity[] = (page?.containerItems ?? []).map(containerEntity);
  return pageOf(rows, page?.continuationToken);
}

/** One page of a container, or of a folder in it: folders and blobs, or all blobs below when it is recursive. */
export async function listBlobs(
  client: BlobServiceClient,
  scope: Scope,
  query: ListQuery,
  signal: AbortSignal,
): Promise<Page> {
  const container = client.getContainerClient(need(scope, 'container', 'blobs'));
  const prefix = (scope.folder ?? '') + prefixIn(query);
  const options = { abortSignal: signal, ...(prefix === '' ? {} : { prefix }) };
  if (query.recursive === true) {
    const { value: page } = await container.listBlobsFlat(options).byPage(settingsOf(query)).next();
    const items: BlobItem[] = page?.segment.blobItems ?? [];
    return pageOf(
      items.map((item) => blobEntity(item, scope)),
      page?.continuationToken,
    );
  }
  const { value: page } = await container.listBlobsByHierarchy('/', options).byPage(settingsOf(query)).next();
  const folders: { readonly name: string }[] = page?.segment.blobPrefixes ?? [];
  const items: BlobItem[] = page?.segment.blobItems ?? [];
  const rows = [
    ...folders.map(({ name }) => folderEntity(name, scope)),
    ...items.map((item) => blobEntity(item, scope)),
  ];
  return pageOf(
    rows.sort((left, right) => (left.name < right.name ? -1 : 1)),
    page?.continuationToken,
  );
}

function settingsOf({ next, pageSize = PAGE }: ListQuery) {
  return {
    maxPageSize: Math.min(pageSize, PAGE),
    ...(next === undefined ? {} : { continuationToken: next }),
  };
}

/** @throws TypeError for a filter that the store should never send */
function prefixIn({ filter }: ListQuery): string {
  if (filter === undefined) return '';
  const found = PREFIX.exec(filter)?.[1];
  if (found === undefined) throw new TypeError(`blobs cannot be filtered by ${filter}`);
  return found.replaceAll("''", "'");
}

function pageOf(rows: readonly Entity[], next: string | undefined): Page {
  return { rows, next: next === '' ? undefined : next, serverTime: Date.now() };
}

function containerEntity({ name, properties, metadata }: ContainerItem): Entity {
  return { name, properties: containerFacts(properties), ...metadataOf(metadata) };
}

export type ContainerFacts = Partial<ContainerItem['properties']>;

/** What is told of a container, as the service's lists have it. */
export function containerFacts(found: ContainerFacts): Record<string, unknown> {
  return plain({
    lastModified: found.lastModified?.toISOString(),
    etag: found.etag,
    leaseStatus: found.leaseStatus,
    leaseState: found.leaseState,
    publicAccess: found.publicAccess,
    hasImmutabilityPolicy: found.hasImmutabilityPolicy,
    hasLegalHold: found.hasLegalHold,
  });
}

type Named = Entity & { readonly name: string };

/** A prefix that stands for all that begin with it: no blob, and there as long as it has any. */
export function folderEntity(name: string, scope: Scope): Named {
  const folder = { name, isFolder: true, ...placeOf(scope) };
  return folder;
}

function blobEntity({ name, properties, metadata }: BlobItem, scope: Scope): Named {
  const blob = { name, ...placeOf(scope), properties: blobFacts(properties), ...metadataOf(metadata) };
  return blob;
}

export type BlobFacts = Partial<BlobItem['properties']>;

/** What is told of a blob, as the service's lists have it. */
export function blobFacts(found: BlobFacts): Record<string, unknown> {
  return plain({
    createdOn: found.createdOn?.toISOString(),
    lastModified: found.lastModified?.toISOString(),
    etag: found.etag,
    contentLength: found.contentLength,
    contentType: found.contentType,
    contentEncoding: found.contentEncoding,
    contentLanguage: found.contentLanguage,
    contentMD5: found.contentMD5 === undefined ? undefined : Buffer.from(found.contentMD5).toString('base64'),
    cacheControl: found.cacheControl,
    contentDisposition: found.contentDisposition,
    blobType: found.blobType,
    accessTier: found.accessTier,
    leaseStatus: found.leaseStatus,
    leaseState: found.leaseState,
    copySource: found.copySource,
    copyStatus: found.copyStatus,
  });
}

/** The folder that a row is shown in, from which its name is told. */
function placeOf({ folder }: Scope): { readonly folder?: string } {
  return folder === undefined ? {} : { folder };
}

/** The metadata as a member of a row; none where there are none. */
export function metadataOf(metadata: Readonly<Record<string, string>> | undefined): {
  readonly metadata?: object;
} {
  return metadata === undefined || Object.keys(metadata).length === 0 ? {} : { metadata };
}

/** The members that are told, without those that are not or are empty. */
function plain(members: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(members).filter(([, value]) => value !== undefined && value !== ''),
  );
}
