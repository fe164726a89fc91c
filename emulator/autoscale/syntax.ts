/** A place in a formula, both counted from 1 as the service does. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** Thrown for a formula that cannot be read or evaluated; the message starts with its place in the formula. */
export class FormulaError extends Error {
  override readonly name = 'FormulaError';
  constructor({ line, column }: Position, text: string) {
    super(`Line ${line}, Col ${column}: ${text}`);
  }
}

export const BINARY_OPERATORS = ['||', '&&', '==', '!=', '<', '<=', '>', '>=', '+', '-', '*', '/'] as const;
export type BinaryOperator = (typeof BINARY_OPERATORS)[number];
export type UnaryOperator = '-' | '!';

export type Expression = { readonly position: Position } & (
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'string'; readonly value: string }
  | { readonly kind: 'name'; readonly name: string }
  | { readonly kind: 'call'; readonly name: string; readonly args: readonly Expression[] }
  | { readonly kind: 'member'; readonly target: Expression; readonly name: string }
  | {
      readonly kind: 'method';
      readonly target: Expression;
      readonly name: string;
      readonly args: readonly Expression[];
    }
  | { readonly kind: 'unary'; readonly operator: UnaryOperator; readonly operand: Expression }
  | {
      readonly kind: 'binary';
      readonly operator: BinaryOperator;
      readonly left: Expression;
      readonly right: Expression;
    }
  | {
      readonly kind: 'conditional';
      readonly test: Expression;
      readonly whenTrue: Expression;
      readonly whenFalse: Expression;
    }
);

/** `target = value`, or without a target an expression evaluated for its effect, such as `stop()`. */
export interface Statement {
  readonly position: Position;
  readonly target: string | undefined;
  readonly value: Expression;
}
