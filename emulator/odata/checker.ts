import type { FieldType, FilterField, FilterFields } from './fields.ts';
import {
  type CompareNode,
  type FilterNode,
  type Literal,
  ODataSyntaxError,
  type StartsWithNode,
} from './syntax.ts';

/**
 * Checks that `node` uses only properties of `fields`, each with an operator it knows and a value of its type.
 * Throws {@link ODataSyntaxError}.
 */
export function checkFilter(node: FilterNode, fields: FilterFields): void {
  if (node.kind !== 'compare' && node.kind !== 'startswith') {
    for (const operand of node.operands) checkFilter(operand, fields);
    return;
  }
  const field = Object.hasOwn(fields, node.property) ? fields[node.property] : undefined;
  if (field === undefined) {
    throw new ODataSyntaxError(node.position, `The property '${node.property}' cannot be filtered by.`);
  }
  checkLeaf(node, field);
}

function checkLeaf(node: CompareNode | StartsWithNode, field: FilterField): void {
  const operator = node.kind === 'compare' ? node.operator : node.kind;
  if (!field.operators.includes(operator)) {
    throw new ODataSyntaxError(
      node.position,
      `The operator '${operator}' is not supported for the property '${node.property}'.`,
    );
  }
  if (node.kind === 'compare' && !matches(node.literal, field.type)) {
    throw new ODataSyntaxError(
      node.position,
      `The property '${node.property}' is not of the type '${node.literal.type}' that it is compared with.`,
    );
  }
}

function matches(literal: Literal, type: FieldType): boolean {
  return literal.type === (type === 'enum' ? 'string' : type);
}
