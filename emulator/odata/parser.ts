import { type Token, tokenize } from './lexer.ts';
import {
  COMPARE_OPERATORS,
  type CompareOperator,
  type FilterNode,
  type Literal,
  ODataSyntaxError,
} from './syntax.ts';

/** Longest filter read, in characters. */
const MAX_FILTER_LENGTH = 16_384;
/** Deepest nesting of parentheses read. */
const MAX_FILTER_DEPTH = 64;

/** Parses a `$filter`, see README.md for the grammar. Throws {@link ODataSyntaxError}, and nothing else. */
export function parseFilter(text: string): FilterNode {
  if (text.length > MAX_FILTER_LENGTH) {
    throw new ODataSyntaxError(
      MAX_FILTER_LENGTH,
      `The filter is longer than ${MAX_FILTER_LENGTH} characters.`,
    );
  }
  return new FilterParser(tokenize(text)).parse();
}

class FilterParser {
  readonly #tokens: readonly Token[];
  #next = 0;
  #depth = 0;

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  parse(): FilterNode {
    const node = this.#or();
    this.#expect('end');
    return node;
  }

  #or(): FilterNode {
    return this.#chain('or', () => this.#and());
  }

  #and(): FilterNode {
    return this.#chain('and', () => this.#term());
  }

  #chain(kind: 'and' | 'or', operand: () => FilterNode): FilterNode {
    const first = operand();
    const operands = [first];
    while (this.#acceptWord(kind)) operands.push(operand());
    if (operands.length === 1) return first;
    return { kind, operands: operands.flatMap((each) => (each.kind === kind ? each.operands : [each])) };
  }

  #term(): FilterNode {
    const token = this.#take();
    if (token.kind === '(') return this.#group(token);
    if (token.kind !== 'word') throw unexpected(token, 'a property name');
    if (this.#peek().kind === '(') return this.#call(token);
    return this.#comparison(token);
  }

  #group(open: Token): FilterNode {
    this.#depth++;
    if (this.#depth > MAX_FILTER_DEPTH) {
      throw new ODataSyntaxError(
        open.position,
        `The filter nests deeper than ${MAX_FILTER_DEPTH} parentheses.`,
      );
    }
    const node = this.#or();
    this.#expect(')');
    this.#depth--;
    return node;
  }

  #call(name: Token & { kind: 'word' | 'string' }): FilterNode {
    if (name.text !== 'startswith') {
      throw new ODataSyntaxError(
        name.position,
        `The function '${name.text}' at position ${name.position} is not supported.`,
      );
    }
    this.#expect('(');
    const property = this.#take();
    if (property.kind !== 'word') throw unexpected(property, 'a property name');
    this.#expect(',');
    const prefix = this.#take();
    if (prefix.kind !== 'string') throw unexpected(prefix, 'a string');
    this.#expect(')');
    return { kind: 'startswith', property: property.text, prefix: prefix.text, position: name.position };
  }

  #comparison(property: Token & { kind: 'word' | 'string' }): FilterNode {
    const token = this.#take();
    const operator =
      token.kind === 'word' ? COMPARE_OPERATORS.find((each) => each === token.text) : undefined;
    if (operator === undefined)
      throw unexpected(token, `one of the operators ${COMPARE_OPERATORS.join(', ')}`);
    return this.#compare(property.text, operator, property.position);
  }

  #compare(property: string, operator: CompareOperator, position: number): FilterNode {
    return { kind: 'compare', property, operator, literal: literalOf(this.#take()), position };
  }

  #peek(): Token {
    const token = this.#tokens[Math.min(this.#next, this.#tokens.length - 1)];
    return token ?? { kind: 'end', position: 0 };
  }

  #take(): Token {
    const token = this.#peek();
    this.#next++;
    return token;
  }

  #acceptWord(word: string): boolean {
    const token = this.#peek();
    const found = token.kind === 'word' && token.text === word;
    if (found) this.#next++;
    return found;
  }

  #expect(kind: ')' | '(' | ',' | 'end'): void {
    const token = this.#take();
    if (token.kind !== kind) throw unexpected(token, kind === 'end' ? "'and', 'or' or the end" : `'${kind}'`);
  }
}

function literalOf(token: Token): Literal {
  if (token.kind === 'string') return { type: 'string', value: token.text };
  if (token.kind === 'number') return { type: 'number', value: token.value };
  if (token.kind === 'dateTime') return { type: 'dateTime', value: token.ticks };
  if (token.kind === 'word' && (token.text === 'true' || token.text === 'false')) {
    return { type: 'boolean', value: token.text === 'true' };
  }
  throw unexpected(token, 'a value');
}

function unexpected(token: Token, wanted: string): ODataSyntaxError {
  const found = describe(token);
  return new ODataSyntaxError(
    token.position,
    `Expected ${wanted} but found ${found} at position ${token.position}.`,
  );
}

function describe(token: Token): string {
  if (token.kind === 'end') return 'the end';
  if (token.kind === 'word' || token.kind === 'string') return `'${token.text}'`;
  if (token.kind === 'number') return String(token.value);
  return token.kind === 'dateTime' ? 'a date and time' : `'${token.kind}'`;
}
