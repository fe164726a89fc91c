import { toHttpDate } from '../clock.ts';
import type { Operate } from './answer-parts.ts';
import { containerName } from './answer-parts.ts';
import { tierHeaders } from './blob-headers.ts';
import { afterPrefix, type Listed } from './blob-store.ts';
import { quotedTag } from './conditions.ts';
import { canBeginName } from './names.ts';
import type { Blob, Container, Metadata } from './records.ts';
import type { StorageRequest } from './request.ts';
import { badParameter, StorageFault } from './storage-fault.ts';
import { nameElement, type XmlElement } from './xml.ts';

const MOST = 5000;

export const listContainers: Operate = ({ store, request }) => {
  const most = mostIn(request);
  const include = includedIn(request);
  const prefix = request.query.get('prefix') ?? '';
  const listed = canBeginName(prefix) ? store.containers(prefix, markerIn(request)) : [];
  const rows = pageOf(listed, most);
  const elements = rows.page.map((container) => containerElement(container, include.has('metadata')));
  return {
    status: 200,
    xml: [
      'EnumerationResults',
      [
        ...given(request, ['prefix', 'marker', 'maxresults']),
        ['Containers', elements],
        nextMarker(rows.isMore ? rows.page.at(-1)?.name : undefined),
      ],
      { ServiceEndpoint: `${request.accountUrl}/` },
    ],
  };
};

/** What may be asked for in `include`; of what the emulator has none of, nothing is listed. */
const INCLUDES: readonly string[] = [
  'metadata',
  'uncommittedblobs',
  'copy',
  'snapshots',
  'versions',
  'deleted',
  'deletedwithversions',
  'tags',
  'immutabilitypolicy',
  'legalhold',
  'permissions',
  'system',
];

export const listBlobs: Operate = ({ store, request }) => {
  const container = store.demandContainer(containerName(request));
  const most = mostIn(request);
  const include = includedIn(request);
  const listing = {
    prefix: request.query.get('prefix') ?? '',
    delimiter: request.query.get('delimiter') ?? '',
    after: markerIn(request),
    uncommitted: include.has('uncommittedblobs'),
  };
  const listed = canBeginName(listing.prefix) ? store.list(container, listing) : [];
  const { page, isMore } = pageOf(listed, most);
  return {
    status: 200,
    xml: [
      'EnumerationResults',
      [
        ...given(request, ['prefix', 'marker', 'maxresults', 'delimiter']),
        ['Blobs', page.map((entry) => entryElement(entry, include))],
        nextMarker(isMore ? endOf(page.at(-1)) : undefined),
      ],
      { ServiceEndpoint: `${request.accountUrl}/`, ContainerName: container.name },
    ],
  };
};

function endOf(entry: Listed | undefined): string | undefined {
  if (entry === undefined) return undefined;
  return entry.kind === 'blob' ? entry.blob.name : afterPrefix(entry.name);
}

function pageOf<T>(
  rows: Iterable<T>,
  most: number,
): { readonly page: readonly T[]; readonly isMore: boolean } {
  const page: T[] = [];
  for (const row of rows) {
    if (page.length === most) return { page, isMore: true };
    page.push(row);
  }
  return { page, isMore: false };
}

function mostIn({ query }: StorageRequest): number {
  const text = query.get('maxresults');
  if (text === undefined) return MOST;
  const value = Number(text);
  if (!Number.isInteger(value)) throw badParameter('maxresults', text);
  if (value < 1) {
    throw new StorageFault('OutOfRangeQueryParameterValue', {
      QueryParameterName: 'maxresults',
      QueryParameterValue: text,
      MinimumAllowed: '1',
      MaximumAllowed: String(MOST),
    });
  }
  return Math.min(value, MOST);
}

function includedIn({ query }: StorageRequest): ReadonlySet<string> {
  const parts = (query.get('include') ?? '').split(',').filter((part) => part !== '');
  const unknown = parts.find((part) => !INCLUDES.includes(part));
  if (unknown !== undefined) throw badParameter('include', unknown);
  return new Set(parts);
}

/** A marker means nothing to clients, and is where the next page begins. */
function markerIn({ query }: StorageRequest): string {
  const text = query.get('marker');
  if (text === undefined || text === '') return '';
  const name = Buffer.from(text, 'base64url').toString('utf8');
  // A prefix's marker is a character longer than its name.
  if (!canBeginName(name.slice(0, -2))) throw badParameter('marker', text);
  return name;
}

function nextMarker(name: string | undefined): XmlElement {
  return ['NextMarker', name === undefined ? '' : Buffer.from(name, 'utf8').toString('base64url')];
}

const ECHOED: Readonly<Record<string, string>> = {
  prefix: 'Prefix',
  marker: 'Marker',
  maxresults: 'MaxResults',
  delimiter: 'Delimiter',
};

function given({ query }: StorageRequest, names: readonly string[]): XmlElement[] {
  return names.map((name) => [ECHOED[name] ?? name, query.get(name)]);
}

function containerElement(container: Container, withMetadata: boolean): XmlElement {
  const { publicAccess } = container;
  return [
    'Container',
    [
      ['Name', container.name],
      [
        'Properties',
        [
          ...versionElements(container),
          ['LeaseStatus', 'unlocked'],
          ['LeaseState', 'available'],
          ['PublicAccess', publicAccess === 'none' ? undefined : publicAccess],
          ['HasImmutabilityPolicy', false],
          ['HasLegalHold', false],
        ],
      ],
      ...(withMetadata ? [metadataElement(container.metadata)] : []),
    ],
  ];
}

function entryElement(entry: Listed, include: ReadonlySet<string>): XmlElement {
  if (entry.kind === 'prefix') return ['BlobPrefix', [nameElement(entry.name)]];
  const { blob } = entry;
  return [
    'Blob',
    [
      nameElement(blob.name),
      ['Properties', propertyElements(blob)],
      ...(include.has('metadata') ? [metadataElement(blob.metadata)] : []),
    ],
  ];
}

function propertyElements(blob: Blob): XmlElement[] {
  const { headers, copy } = blob;
  const tier = tierHeaders(blob);
  return [
    ['Creation-Time', toHttpDate(blob.created)],
    ...versionElements(blob),
    ['Content-Length', blob.size],
    ['Content-Type', headers.contentType ?? ''],
    ['Content-Encoding', headers.contentEncoding ?? ''],
    ['Content-Language', headers.contentLanguage ?? ''],
    ['Content-MD5', headers.contentMd5 ?? ''],
    ['Cache-Control', headers.cacheControl ?? ''],
    ['Content-Disposition', headers.contentDisposition ?? ''],
    ['BlobType', blob.type],
    ['AccessTier', tier['x-ms-access-tier']],
    ['AccessTierInferred', tier['x-ms-access-tier-inferred']],
    ['LeaseStatus', 'unlocked'],
    ['LeaseState', 'available'],
    ...(copy === undefined
      ? []
      : ([
          ['CopyId', copy.id],
          ['CopyStatus', 'success'],
          ['CopySource', copy.source],
          ['CopyProgress', `${blob.size}/${blob.size}`],
          ['CopyCompletionTime', toHttpDate(copy.completed)],
        ] satisfies XmlElement[])),
    ['ServerEncrypted', true],
  ];
}

function versionElements(found: Pick<Blob | Container, 'modified'>): XmlElement[] {
  return [
    ['Last-Modified', toHttpDate(found.modified)],
    ['Etag', quotedTag(found).replaceAll('"', '')],
  ];
}

function metadataElement(metadata: Metadata): XmlElement {
  return ['Metadata', Object.entries(metadata).map(([name, value]) => [name, value] as const)];
}
