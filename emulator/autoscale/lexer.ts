import { FormulaError, type Position } from './syntax.ts';

/** A token; symbols (operators and punctuation) carry themselves as text, and `end` an empty one. */
export type Token = { readonly position: Position } & (
  | { readonly kind: 'name' | 'string' | 'symbol'; readonly text: string }
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'end'; readonly text: '' }
);

/** Sticky: line end, white space, comment, number, name, string, symbol. */
const TOKEN =
  /(\r\n|[\r\n])|[ \t\f\v\u00a0]+|\/\/[^\r\n]*|((?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)|(\$?[A-Za-z_]\w*)|"([^"\r\n]*)"|(\|\||&&|[=!<>]=|[-+*/!<>=?:;,.()])/y;

/** Splits a formula into tokens, the last of kind `end`. Throws {@link FormulaError}. */
export function tokenize(text: string): Token[] {
  const tokens: Token[] = [];
  const pattern = new RegExp(TOKEN);
  let offset = 0;
  let line = 1;
  let lineStart = 0;
  const here = (): Position => ({ line, column: offset - lineStart + 1 });
  while (offset < text.length) {
    pattern.lastIndex = offset;
    const match = pattern.exec(text);
    if (match === null) {
      const character = String.fromCodePoint(text.codePointAt(offset) ?? 0);
      throw new FormulaError(here(), `Unexpected character: ${character}`);
    }
    const token = tokenOf(match, here());
    if (token !== undefined) tokens.push(token);
    offset = pattern.lastIndex;
    if (match[1] !== undefined) {
      line++;
      lineStart = offset;
    }
  }
  tokens.push({ kind: 'end', text: '', position: here() });
  return tokens;
}

function tokenOf(match: RegExpExecArray, position: Position): Token | undefined {
  const [, , number, name, string, symbol] = match;
  if (number !== undefined) return { kind: 'number', value: Number(number), position };
  if (name !== undefined) return { kind: 'name', text: name, position };
  if (string !== undefined) return { kind: 'string', text: string, position };
  return symbol === undefined ? undefined : { kind: 'symbol', text: symbol, position };
}
