import { ODataSyntaxError } from './syntax.ts';
import { parseTicks } from './ticks.ts';

/** A token of a filter; `position` counts characters from 0. */
export type Token = { readonly position: number } & (
  | { readonly kind: 'word' | 'string'; readonly text: string }
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'dateTime'; readonly ticks: bigint }
  | { readonly kind: '(' | ')' | ',' | 'end' }
);

/** Sticky, one alternative a token: white space, quoted text with an optional type, number, path, punctuation. */
const TOKEN =
  /\s+|([A-Za-z]*)'((?:[^']|'')*)'|(-?\d+(?:\.\d+)?)(?![\w.])|([A-Za-z_]\w*(?:\/[A-Za-z_]\w*)*)|([(),])/y;

/** Splits a filter into tokens, the last of kind `end`. Throws {@link ODataSyntaxError}. */
export function tokenize(text: string): Token[] {
  const tokens: Token[] = [];
  const pattern = new RegExp(TOKEN);
  let position = 0;
  while (position < text.length) {
    pattern.lastIndex = position;
    const match = pattern.exec(text);
    if (match === null) throw unexpected(text, position);
    const token = tokenOf(match, position);
    if (token !== undefined) tokens.push(token);
    position = pattern.lastIndex;
  }
  tokens.push({ kind: 'end', position });
  return tokens;
}

function tokenOf(match: RegExpExecArray, position: number): Token | undefined {
  const [, type, quoted, number, word, punctuation] = match;
  if (quoted !== undefined) return quotedToken(type ?? '', quoted.replaceAll("''", "'"), position);
  if (number !== undefined) return { kind: 'number', value: Number(number), position };
  if (word !== undefined) return { kind: 'word', text: word, position };
  if (punctuation === '(' || punctuation === ')' || punctuation === ',')
    return { kind: punctuation, position };
  return undefined;
}

function quotedToken(type: string, text: string, position: number): Token {
  if (type === '') return { kind: 'string', text, position };
  if (type.toLowerCase() !== 'datetime') {
    throw new ODataSyntaxError(
      position,
      `The literal type '${type}' at position ${position} is not supported.`,
    );
  }
  const ticks = parseTicks(text);
  if (ticks === undefined) {
    throw new ODataSyntaxError(position, `'${text}' at position ${position} is not a date and time.`);
  }
  return { kind: 'dateTime', ticks, position };
}

function unexpected(text: string, position: number): ODataSyntaxError {
  if (text.charAt(position) === "'") {
    return new ODataSyntaxError(position, `The string literal at position ${position} has no end.`);
  }
  const character = String.fromCodePoint(text.codePointAt(position) ?? 0);
  return new ODataSyntaxError(position, `Unexpected character '${character}' at position ${position}.`);
}
