import { type Token, tokenize } from './lexer.ts';
import {
  BINARY_OPERATORS,
  type BinaryOperator,
  type Expression,
  FormulaError,
  type Position,
  type Statement,
} from './syntax.ts';

/** Longest formula the service takes, in bytes of UTF-8. */
export const MAX_FORMULA_BYTES = 8 * 1024;
/** Most statements the service takes. */
const MAX_STATEMENTS = 100;
/** Deepest expression read; every recursion over a formula is bounded by it. */
const MAX_DEPTH = 200;

const PRECEDENCE: Readonly<Record<BinaryOperator, number>> = {
  '||': 1,
  '&&': 2,
  '==': 3,
  '!=': 3,
  '<': 4,
  '<=': 4,
  '>': 4,
  '>=': 4,
  '+': 5,
  '-': 5,
  '*': 6,
  '/': 6,
};

/** Parses a formula into its statements, see README.md for the grammar. Throws {@link FormulaError}, nothing else. */
export function parseFormula(text: string): Statement[] {
  if (Buffer.byteLength(text) > MAX_FORMULA_BYTES) {
    throw new FormulaError({ line: 1, column: 1 }, `The formula is longer than ${MAX_FORMULA_BYTES} bytes`);
  }
  return new FormulaParser(tokenize(text)).statements();
}

class FormulaParser {
  readonly #tokens: readonly Token[];
  #next = 0;
  #depth = 0;

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  statements(): Statement[] {
    const statements: Statement[] = [];
    while (this.#peek().kind !== 'end') {
      if (this.#accept(';')) continue;
      statements.push(this.#statement());
      if (statements.length > MAX_STATEMENTS) {
        throw new FormulaError(
          this.#peek().position,
          `The formula has more than ${MAX_STATEMENTS} statements`,
        );
      }
      if (this.#peek().kind !== 'end') this.#expect(';');
    }
    return statements;
  }

  #statement(): Statement {
    const first = this.#peek();
    if (first.kind === 'name' && isSymbol(this.#peek(1), '=')) {
      this.#next += 2;
      return { position: first.position, target: first.text, value: this.#expression() };
    }
    return { position: first.position, target: undefined, value: this.#expression() };
  }

  #expression(): Expression {
    return this.#nested(() => {
      const test = this.#binary(1);
      const { position } = this.#peek();
      if (!this.#accept('?')) return test;
      const whenTrue = this.#expression();
      this.#expect(':');
      return { kind: 'conditional', position, test, whenTrue, whenFalse: this.#expression() };
    });
  }

  #binary(lowest: number): Expression {
    let left = this.#unary();
    // A chain of operators grows to the left, one level an operator.
    for (let links = 0; ; links++) {
      const token = this.#peek();
      const operator = operatorOf(token);
      if (operator === undefined || PRECEDENCE[operator] < lowest) return left;
      if (links > MAX_DEPTH) throw tooDeep(token.position);
      this.#next++;
      const right = this.#nested(() => this.#binary(PRECEDENCE[operator] + 1));
      left = { kind: 'binary', position: token.position, operator, left, right };
    }
  }

  #unary(): Expression {
    const { position } = this.#peek();
    for (const operator of ['-', '!'] as const) {
      if (this.#accept(operator)) {
        return { kind: 'unary', position, operator, operand: this.#nested(() => this.#unary()) };
      }
    }
    return this.#postfix();
  }

  #postfix(): Expression {
    let target = this.#primary();
    for (let links = 0; this.#accept('.'); links++) {
      const name = this.#take();
      if (name.kind !== 'name') throw unexpected(name);
      if (links > MAX_DEPTH) throw tooDeep(name.position);
      const { position } = name;
      target = isSymbol(this.#peek(), '(')
        ? { kind: 'method', position, target, name: name.text, args: this.#arguments() }
        : { kind: 'member', position, target, name: name.text };
    }
    return target;
  }

  #primary(): Expression {
    const token = this.#take();
    const { position } = token;
    if (token.kind === 'number') return { kind: 'number', position, value: token.value };
    if (token.kind === 'string') return { kind: 'string', position, value: token.text };
    if (token.kind === 'name') {
      if (!isSymbol(this.#peek(), '(')) return { kind: 'name', position, name: token.text };
      return { kind: 'call', position, name: token.text, args: this.#arguments() };
    }
    if (!isSymbol(token, '(')) throw unexpected(token);
    const inner = this.#expression();
    this.#expect(')');
    return inner;
  }

  #arguments(): Expression[] {
    this.#expect('(');
    const args: Expression[] = [];
    if (this.#accept(')')) return args;
    do args.push(this.#expression());
    while (this.#accept(','));
    this.#expect(')');
    return args;
  }

  #nested(parse: () => Expression): Expression {
    this.#depth++;
    if (this.#depth > MAX_DEPTH) throw tooDeep(this.#peek().position);
    const expression = parse();
    this.#depth--;
    return expression;
  }

  #peek(ahead = 0): Token {
    const last: Token = { kind: 'end', text: '', position: { line: 1, column: 1 } };
    return this.#tokens[Math.min(this.#next + ahead, this.#tokens.length - 1)] ?? last;
  }

  #take(): Token {
    const token = this.#peek();
    this.#next++;
    return token;
  }

  #accept(symbol: string): boolean {
    const found = isSymbol(this.#peek(), symbol);
    if (found) this.#next++;
    return found;
  }

  #expect(symbol: string): void {
    const token = this.#take();
    if (!isSymbol(token, symbol)) throw unexpected(token, symbol);
  }
}

function isSymbol(token: Token, symbol: string): boolean {
  return token.kind === 'symbol' && token.text === symbol;
}

function operatorOf(token: Token): BinaryOperator | undefined {
  return token.kind === 'symbol' ? BINARY_OPERATORS.find((operator) => operator === token.text) : undefined;
}

function tooDeep(position: Position): FormulaError {
  return new FormulaError(position, 'The expression is too complex');
}

function unexpected(token: Token, wanted?: string): FormulaError {
  const found =
    token.kind === 'end' ? 'end of formula' : token.kind === 'number' ? String(token.value) : token.text;
  const hint = wanted === undefined ? '' : `, expected ${wanted}`;
  return new FormulaError(token.position, `Syntax error: unexpected ${found}${hint}`);
}
