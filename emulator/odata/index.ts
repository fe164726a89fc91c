/** The query options `$filter` and `$select` of the service's lists. */
export { checkFilter } from './checker.ts';
export { compileFilter, type Predicate, requiredEquality, requiredRange } from './evaluator.ts';
export {
  FILTERABLE,
  type FieldType,
  type FilterableList,
  type FilterField,
  type FilterFields,
  type FilterOperator,
} from './fields.ts';
export { parseFilter } from './parser.ts';
export { parseSelect, project } from './select.ts';
export { type CompareOperator, type FilterNode, type Literal, ODataSyntaxError } from './syntax.ts';
export { parseTicks } from './ticks.ts';
