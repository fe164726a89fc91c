const CHUNK = /\d+|\D+/g;

/** Orders text as people number things: `task2` before `task10`. Equal up to case falls back to ordinal order. */
export function compareNatural(left: string, right: string): number {
  if (left === right) return 0;
  const leftChunks = left.match(CHUNK) ?? [];
  const rightChunks = right.match(CHUNK) ?? [];
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
