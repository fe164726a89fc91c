/** A page of a container's list of blobs. */
export interface BlobPage {
  readonly names: readonly string[];
  /** Where the next page begins; undefined on the last one. */
  readonly next: string | undefined;
}

const BLOB = /<Blob>([\s\S]*?)<\/Blob>/g;
const NAME = /<Name(\s+Encoded="true")?>([^<]*)<\/Name>/;
const NEXT_MARKER = /<NextMarker>([^<]*)<\/NextMarker>/;

/**
 * Reads the answer of the storage service's List Blobs. Only what is needed of it: a full XML parser would be a
 * dependency for two elements.
 * @see https://learn.microsoft.com/rest/api/storageservices/list-blobs
 */
export function parseBlobList(xml: string): BlobPage {
  const names: string[] = [];
  for (const [, blob = ''] of xml.matchAll(BLOB)) {
    const [, isEncoded, name] = NAME.exec(blob) ?? [];
    if (name === undefined) continue;
    const text = unescapeXml(name);
    names.push(isEncoded === undefined ? text : decodeURIComponent(text));
  }
  const next = unescapeXml(NEXT_MARKER.exec(xml)?.[1] ?? '');
  return { names, next: next === '' ? undefined : next };
}

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

function unescapeXml(text: string): string {
  return text.replace(/&(#x[\da-f]{1,6}|#\d{1,7}|\w{2,4});/gi, (whole, entity: string) => {
    if (!entity.startsWith('#')) return ENTITIES[entity] ?? whole;
    const isHex = entity[1] === 'x' || entity[1] === 'X';
    const point = Number.parseInt(entity.slice(isHex ? 2 : 1), isHex ? 16 : 10);
    return point > 0x10ffff ? whole : String.fromCodePoint(point);
  });
}
