const CHUNK = /\d+|\D+/g;

/** Orders text as people number things: `task2` before `task10`. Equal up to case falls back to ordinal order. */
export function compareNatural(left: string, right: string): number {
  return compareSplit(left, right, split);
}

/** {@link compareNatural} for one sort: each text is taken apart once, however often it is compared. */
export function naturalOrder(): (left: string, right: string) => number {
  const known = new Map<string, readonly string[]>();
  const splitOnce = (text: string): readonly string[] => {
    const before = known.get(text);
    if (before !== undefined) return before;
    const chunks = split(text);
    known.set(text, chunks);
    return chunks;
  };
  return (left, right) => compareSplit(left, right, splitOnce);
}

function split(text: string): readonly string[] {
  return text.match(CHUNK) ?? [];
}

function compareSplit(left: string, right: string, chunksOf: (text: string) => readonly string[]): number {
  if (left === right) return 0;
  const leftChunks = chunksOf(left);
  const rightChunks = chunksOf(right);
  const length = Math.min(leftChunks.length, rightChunks.length);
  for (let index = 0; index < length; index += 1) {
    const order = compareChunks(leftChunks[index] ?? '', rightChunks[index] ?? '');
    if (order !== 0) return order;
  }
  return leftChunks.length - rightChunks.length || (left < right ? -1 : 1);
}

function compareChunks(left: string, right: string): number {
  if (left === right) return 0;
  if (isNumber(left) && isNumber(right)) {
    // Most ids are padded with zeros to one width.
    if (left.length === right.length) return left < right ? -1 : 1;
    const a = left.replace(/^0+(?=\d)/, '');
    const b = right.replace(/^0+(?=\d)/, '');
    // By length first, then as text: ids may hold numbers longer than a double can.
    if (a.length !== b.length) return a.length - b.length;
    return a < b ? -1 : a > b ? 1 : 0;
  }
  const a = left.toLowerCase();
  const b = right.toLowerCase();
  return a < b ? -1 : a > b ? 1 : 0;
}

function isNumber(chunk: string): boolean {
  const code = chunk.charCodeAt(0);
  return code >= 48 && code <= 57;
}
