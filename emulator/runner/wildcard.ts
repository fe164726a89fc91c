/** One place of a pattern for file names. */
type Token =
  | { readonly kind: 'literal'; readonly text: string }
  | { readonly kind: 'one' }
  | { readonly kind: 'many' }
  | {
      readonly kind: 'set';
      readonly ranges: readonly (readonly [string, string])[];
      readonly isNegated: boolean;
    };

/** Whether a pattern is more than a name. */
export function hasWildcard(pattern: string): boolean {
  return /[*?[]/.test(pattern);
}

/**
 * A function that tells whether a name, without slashes, fits a pattern: `*`, `?`, `[abc]`, `[a-c]` and `[!abc]`. A
 * name that begins with a period fits only a pattern that does. It takes at most the product of the two lengths.
 */
export function compileWildcard(pattern: string): (name: string) => boolean {
  const tokens = tokenise(pattern);
  const takesHidden = pattern.startsWith('.');
  return (name) => (takesHidden || !name.startsWith('.')) && fits(tokens, [...name]);
}

function tokenise(pattern: string): Token[] {
  const characters = [...pattern];
  const tokens: Token[] = [];
  for (let at = 0; at < characters.length; at += 1) {
    const character = characters[at] ?? '';
    const set = character === '[' ? setAt(characters, at) : undefined;
    if (set !== undefined) {
      tokens.push(set.token);
      at = set.end;
    } else if (character === '*') tokens.push({ kind: 'many' });
    else if (character === '?') tokens.push({ kind: 'one' });
    else tokens.push({ kind: 'literal', text: character });
  }
  return tokens;
}

/** The set that begins at a bracket; undefined when the bracket is never closed and so stands for itself. */
function setAt(characters: readonly string[], start: number): { token: Token; end: number } | undefined {
  const isNegated = characters[start + 1] === '!';
  const first = start + (isNegated ? 2 : 1);
  // A closing bracket in the first place is one of the set.
  const end = characters.indexOf(']', first + 1);
  if (end < 0) return undefined;
  const ranges: [string, string][] = [];
  for (let at = first; at < end; at += 1) {
    const from = characters[at] ?? '';
    const to = characters[at + 2];
    if (characters[at + 1] === '-' && at + 2 < end && to !== undefined) {
      ranges.push([from, to]);
      at += 2;
    } else ranges.push([from, from]);
  }
  return { token: { kind: 'set', ranges, isNegated }, end };
}

/** Goes back only to the latest `*`: what an earlier one could take, the latest can too. */
function fits(tokens: readonly Token[], name: readonly string[]): boolean {
  let token = 0;
  let at = 0;
  let star = -1;
  let taken = 0;
  while (at < name.length) {
    const current = tokens[token];
    if (current?.kind === 'many') {
      star = token;
      taken = at;
      token += 1;
    } else if (current !== undefined && takes(current, name[at] ?? '')) {
      token += 1;
      at += 1;
    } else if (star >= 0) {
      taken += 1;
      at = taken;
      token = star + 1;
    } else return false;
  }
  return tokens.slice(token).every(({ kind }) => kind === 'many');
}

function takes(token: Token, character: string): boolean {
  if (token.kind === 'literal') return token.text === character;
  if (token.kind !== 'set') return token.kind === 'one';
  const isIn = token.ranges.some(([from, to]) => from <= character && character <= to);
  return isIn !== token.isNegated;
}
