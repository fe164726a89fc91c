/** The name of an element, and its text or the elements in it; one whose content is undefined is left out. */
export type XmlElement = readonly [
  name: string,
  content: string | number | boolean | readonly XmlElement[] | undefined,
  attributes?: Readonly<Record<string, string>>,
];

const DECLARATION = '<?xml version="1.0" encoding="utf-8"?>';

/** A whole document. */
export function xmlDocument(root: XmlElement): string {
  return DECLARATION + write(root);
}

function write([name, content, attributes = {}]: XmlElement): string {
  if (content === undefined) return '';
  const written = Object.entries(attributes).map(([key, value]) => ` ${key}="${escapeXml(value)}"`);
  const open = name + written.join('');
  const text = typeof content === 'object' ? content.map(write).join('') : escapeXml(String(content));
  return text === '' ? `<${open} />` : `<${open}>${text}</${name}>`;
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

function escapeXml(text: string): string {
  return text.replace(/[&<>"]/g, (character) => ENTITIES[character] ?? character);
}

/** Characters that no XML document can hold, however they are written. */
const IMPOSSIBLE = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/;

/** The element that names a blob. */
export function nameElement(name: string): XmlElement {
  return IMPOSSIBLE.test(name) ? ['Name', encodeURIComponent(name), { Encoded: 'true' }] : ['Name', name];
}

/** A block that a list names, and where it is to be taken from. */
export interface ListedBlock {
  readonly from: 'Committed' | 'Uncommitted' | 'Latest';
  readonly id: string;
}

const BLOCK_LIST = /^\uFEFF?\s*(?:<\?xml[^>]*\?>)?\s*<BlockList\s*(?:\/>|>([\s\S]*)<\/BlockList>)\s*$/;
const BLOCK = /\s*<(Committed|Uncommitted|Latest)>\s*([A-Za-z0-9+/=]+)\s*<\/\1>\s*/y;

/**
 * Reads the body of a Put Block List; undefined when it is none. Its elements hold Base64 only, so that no more of XML
 * is needed than this.
 */
export function parseBlockList(text: string): ListedBlock[] | undefined {
  const match = BLOCK_LIST.exec(text);
  if (match === null) return undefined;
  const content = (match[1] ?? '').trim();
  const blocks: ListedBlock[] = [];
  BLOCK.lastIndex = 0;
  while (BLOCK.lastIndex < content.length) {
    const found = BLOCK.exec(content);
    if (found === null) return undefined;
    blocks.push({ from: found[1] as ListedBlock['from'], id: found[2] ?? '' });
  }
  return blocks;
}
