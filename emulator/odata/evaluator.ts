import { entityPath, isEnumeration } from './fields.ts';
import type { CompareNode, CompareOperator, FilterNode, Literal, StartsWithNode } from './syntax.ts';
import { parseTicks } from './ticks.ts';

export type Predicate = (entity: unknown) => boolean;

/**
 * Turns a filter into a test of entities as they look on the wire. Enumerated values compare without regard to
 * case, other strings ordinally, times by ticks. An absent or null property matches nothing but `ne`.
 */
export function compileFilter(node: FilterNode): Predicate {
  if (node.kind === 'compare') return compileCompare(node);
  if (node.kind === 'startswith') return compileStartsWith(node);
  const tests = node.operands.map(compileFilter);
  if (node.kind === 'and') return (entity) => tests.every((test) => test(entity));
  return (entity) => tests.some((test) => test(entity));
}

/**
 * The string that `property` must equal in every entity the filter lets pass, when the filter says so outright. It
 * lets a list be read from an index; the filter still has to be applied.
 */
export function requiredEquality(node: FilterNode, property: string): string | undefined {
  for (const leaf of requiredLeaves(node)) {
    if (leaf.kind !== 'compare' || leaf.property !== property || leaf.operator !== 'eq') continue;
    if (leaf.literal.type === 'string') return leaf.literal.value;
  }
  return undefined;
}

/**
 * Inclusive bounds between which the string `property` lies, ordinally, in every entity the filter lets pass. Like
 * {@link requiredEquality} it only narrows where to look.
 */
export function requiredRange(node: FilterNode, property: string): { lower?: string; upper?: string } {
  const range: { lower?: string; upper?: string } = {};
  for (const leaf of requiredLeaves(node)) {
    if (leaf.property !== property) continue;
    const { lower, upper } = boundsOf(leaf);
    if (lower !== undefined && (range.lower === undefined || lower > range.lower)) range.lower = lower;
    if (upper !== undefined && (range.upper === undefined || upper < range.upper)) range.upper = upper;
  }
  return range;
}

function boundsOf(leaf: CompareNode | StartsWithNode): { lower?: string; upper?: string } {
  // No string is greater than every string with a prefix, so a prefix only bounds from below.
  if (leaf.kind === 'startswith') return { lower: leaf.prefix };
  if (leaf.literal.type !== 'string') return {};
  const { value } = leaf.literal;
  if (leaf.operator === 'eq') return { lower: value, upper: value };
  if (leaf.operator === 'gt' || leaf.operator === 'ge') return { lower: value };
  if (leaf.operator === 'lt' || leaf.operator === 'le') return { upper: value };
  return {};
}

function requiredLeaves(node: FilterNode): (CompareNode | StartsWithNode)[] {
  if (node.kind === 'compare' || node.kind === 'startswith') return [node];
  return node.kind === 'and' ? node.operands.flatMap(requiredLeaves) : [];
}

function compileCompare(node: CompareNode): Predicate {
  const read = reader(node.property);
  const compare = comparer(node.property, node.literal);
  const accept = ACCEPT[node.operator];
  return (entity) => {
    const order = compare(read(entity));
    return order === undefined ? node.operator === 'ne' : accept(order);
  };
}

function compileStartsWith(node: StartsWithNode): Predicate {
  const read = reader(node.property);
  const fold = isEnumeration(node.property);
  const prefix = fold ? node.prefix.toLowerCase() : node.prefix;
  return (entity) => {
    const value = read(entity);
    if (typeof value !== 'string') return false;
    return (fold ? value.toLowerCase() : value).startsWith(prefix);
  };
}

const ACCEPT: Readonly<Record<CompareOperator, (order: number) => boolean>> = {
  eq: (order) => order === 0,
  ne: (order) => order !== 0,
  gt: (order) => order > 0,
  ge: (order) => order >= 0,
  lt: (order) => order < 0,
  le: (order) => order <= 0,
};

/** Compares an entity's value with the literal; nothing when the two cannot be compared. */
function comparer(property: string, literal: Literal): (value: unknown) => number | undefined {
  switch (literal.type) {
    case 'string': {
      const fold = isEnumeration(property);
      const wanted = fold ? literal.value.toLowerCase() : literal.value;
      return (value) =>
        typeof value === 'string' ? order(fold ? value.toLowerCase() : value, wanted) : undefined;
    }
    case 'dateTime':
      return (value) => {
        const ticks = typeof value === 'string' ? parseTicks(value) : undefined;
        return ticks === undefined ? undefined : order(ticks, literal.value);
      };
    case 'number':
      return (value) => (typeof value === 'number' ? order(value, literal.value) : undefined);
    case 'boolean':
      return (value) => (typeof value === 'boolean' ? order(value, literal.value) : undefined);
  }
}

function order<T extends string | number | bigint | boolean>(left: T, right: T): number {
  if (left === right) return 0;
  return left < right ? -1 : 1;
}

function reader(property: string): (entity: unknown) => unknown {
  const segments = entityPath(property).split('/');
  return (entity) => {
    let value = entity;
    for (const segment of segments) {
      if (typeof value !== 'object' || value === null || !Object.hasOwn(value, segment)) return undefined;
      value = (value as Record<string, unknown>)[segment];
    }
    return value;
  };
}
