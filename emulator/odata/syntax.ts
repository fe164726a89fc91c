/** Thrown for a query option that the service would refuse; `position` counts characters from 0. */
export class ODataSyntaxError extends Error {
  override readonly name = 'ODataSyntaxError';
  readonly position: number;
  constructor(position: number, message: string) {
    super(message);
    this.position = position;
  }
}

export const COMPARE_OPERATORS = ['eq', 'ne', 'gt', 'ge', 'lt', 'le'] as const;
export type CompareOperator = (typeof COMPARE_OPERATORS)[number];

/** A constant of a filter. A date-time counts ticks, see {@link parseTicks}. */
export type Literal =
  | { readonly type: 'string'; readonly value: string }
  | { readonly type: 'number'; readonly value: number }
  | { readonly type: 'boolean'; readonly value: boolean }
  | { readonly type: 'dateTime'; readonly value: bigint };

/** `property` is a path such as `executionInfo/exitCode`; `position` is where the comparison starts in the text. */
export interface CompareNode {
  readonly kind: 'compare';
  readonly property: string;
  readonly operator: CompareOperator;
  readonly literal: Literal;
  readonly position: number;
}

export interface StartsWithNode {
  readonly kind: 'startswith';
  readonly property: string;
  readonly prefix: string;
  readonly position: number;
}

/** Two or more operands; neither kind holds an operand of its own kind. */
export interface LogicalNode {
  readonly kind: 'and' | 'or';
  readonly operands: readonly FilterNode[];
}

export type FilterNode = CompareNode | StartsWithNode | LogicalNode;
