import { toHttpDate } from '../clock.ts';
import { quotedTag } from './conditions.ts';
import type { Blob, BlobHeaders, Container, Metadata } from './records.ts';
import { header, type StorageRequest } from './request.ts';
import { StorageFault } from './storage-fault.ts';

/** The headers that a blob keeps, by the names that set them and by the ones that tell them. */
const KEPT: readonly (readonly [keyof BlobHeaders, set: string, told: string])[] = [
  ['contentType', 'x-ms-blob-content-type', 'Content-Type'],
  ['contentEncoding', 'x-ms-blob-content-encoding', 'Content-Encoding'],
  ['contentLanguage', 'x-ms-blob-content-language', 'Content-Language'],
  ['contentDisposition', 'x-ms-blob-content-disposition', 'Content-Disposition'],
  ['cacheControl', 'x-ms-blob-cache-control', 'Cache-Control'],
  ['contentMd5', 'x-ms-blob-content-md5', 'Content-MD5'],
];

const PLAIN_TYPE = 'application/octet-stream';

/** The headers that a request gives a blob; where `alsoPlain`, those that are about the request's own body count too. */
export function givenHeaders(request: StorageRequest, alsoPlain: boolean): BlobHeaders {
  const given: Partial<Record<keyof BlobHeaders, string>> = {};
  for (const [member, set, plain] of KEPT) {
    const own = member === 'contentMd5' || !alsoPlain ? undefined : header(request, plain.toLowerCase());
    const value = header(request, set) ?? own;
    if (value !== undefined) given[member] = value;
  }
  if (given.contentMd5 !== undefined) checkMd5(given.contentMd5);
  return { ...given, contentType: given.contentType ?? PLAIN_TYPE };
}

/** The digest that a header tells, in Base64. @throws StorageFault when it is none */
export function checkMd5(text: string): Buffer {
  const digest = Buffer.from(text, 'base64');
  if (digest.length !== 16) throw new StorageFault('InvalidMd5');
  return digest;
}

const META = 'x-ms-meta-';
const META_NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;
const MOST_METADATA = 8192;

/** The metadata that a request sets; names keep their case. @throws StorageFault */
export function givenMetadata({ rawHeaders }: StorageRequest): Metadata {
  const metadata: Record<string, string> = {};
  let size = 0;
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const [raw = '', value = ''] = [rawHeaders[at], rawHeaders[at + 1]];
    if (!raw.toLowerCase().startsWith(META)) continue;
    const name = raw.slice(META.length);
    if (name === '') throw new StorageFault('EmptyMetadataKey');
    if (!META_NAME.test(name)) throw new StorageFault('InvalidMetadata', { MetadataName: name });
    size += name.length + value.length;
    metadata[name] = value;
  }
  if (size > MOST_METADATA)
    throw new StorageFault('InvalidMetadata', { Reason: 'Metadata have at most 8 KiB' });
  return metadata;
}

/** One header an item: `x-ms-meta-NAME`. */
export function metadataHeaders(metadata: Metadata): Record<string, string> {
  return Object.fromEntries(Object.entries(metadata).map(([name, value]) => [`${META}${name}`, value]));
}

/** The headers that tell a version. */
export function versionHeaders(found: Pick<Blob | Container, 'modified'>): Record<string, string> {
  return { ETag: quotedTag(found), 'Last-Modified': toHttpDate(found.modified) };
}

/** Nothing is ever leased here. */
export const UNLEASED = { 'x-ms-lease-status': 'unlocked', 'x-ms-lease-state': 'available' } as const;

/** All that is told of a blob beside its content. */
export function blobHeaders(blob: Blob): Record<string, string> {
  const { headers, copy, appended } = blob;
  const kept = KEPT.flatMap(([member, , told]) => {
    const value = headers[member];
    return value === undefined ? [] : [[told, value] as const];
  });
  return {
    ...Object.fromEntries(kept),
    ...versionHeaders(blob),
    ...metadataHeaders(blob.metadata),
    ...UNLEASED,
    'Accept-Ranges': 'bytes',
    'x-ms-blob-type': blob.type,
    'x-ms-creation-time': toHttpDate(blob.created),
    'x-ms-server-encrypted': 'true',
    ...(appended === undefined ? {} : { 'x-ms-blob-committed-block-count': String(appended) }),
    ...(copy === undefined
      ? {}
      : {
          'x-ms-copy-id': copy.id,
          'x-ms-copy-source': copy.source,
          'x-ms-copy-status': 'success',
          'x-ms-copy-progress': `${blob.size}/${blob.size}`,
          'x-ms-copy-completion-time': toHttpDate(copy.completed),
        }),
  };
}

/** The tier of a blob, which only block blobs have, and whether it was chosen or follows from the account. */
export function tierHeaders({ type, tier }: Blob): Record<string, string> {
  if (type !== 'BlockBlob') return {};
  return {
    'x-ms-access-tier': tier ?? 'Hot',
    ...(tier === undefined ? { 'x-ms-access-tier-inferred': 'true' } : {}),
  };
}
