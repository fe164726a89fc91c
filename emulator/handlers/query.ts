import { BatchFault } from '../errors.ts';
import { pageReply, pageSize, resumeKey } from '../http/paging.ts';
import type { Reply } from '../http/reply.ts';
import type { BatchRequest } from '../http/request.ts';
import {
  checkFilter,
  compileFilter,
  FILTERABLE,
  type FilterableList,
  type FilterNode,
  ODataSyntaxError,
  type Predicate,
  parseFilter,
  parseSelect,
  project,
} from '../odata/index.ts';
import { hasProperty } from '../schema/index.ts';

/** What the query options of a list ask for. */
export interface ListQuery {
  readonly filter: FilterNode | undefined;
  readonly matches: Predicate;
  readonly select: (entity: object) => object;
  readonly size: number;
  readonly after: string | undefined;
}

/**
 * Reads the query of a list.
 * @param list what may be filtered by; undefined where the operation takes no filter
 * @param largestPage the service's own limit, where it is another than 1000
 * @throws BatchFault for options that the service refuses
 */
export function listQuery(
  request: BatchRequest,
  list: FilterableList | undefined,
  largestPage?: number,
): ListQuery {
  const filter = list === undefined ? undefined : filterOf(request, list);
  return {
    filter,
    matches: filter === undefined ? () => true : compileFilter(filter),
    select: selection(request),
    size: pageSize(request, largestPage),
    after: resumeKey(request),
  };
}

/** The function that leaves of an entity what `$select` names; everything without it. */
export function selection(request: BatchRequest): (entity: object) => object {
  checkExpand(request);
  const text = request.query.get('$select');
  if (text === undefined) return (entity) => entity;
  const paths = understood(request, '$select', () => parseSelect(text));
  const definition = selectable(request.route.path);
  const unknown = definition === undefined ? undefined : paths.find((path) => !hasProperty(definition, path));
  if (unknown !== undefined) {
    throw badParameter('$select', text, `There is no property ${unknown.join('/')} that could be selected`);
  }
  return (entity) => project(entity, paths) as object;
}

/** What the entities are whose properties can be selected. */
function selectable(path: string): string | undefined {
  return SELECTABLE.find(([end]) => end.test(path))?.[1];
}

const SELECTABLE: readonly (readonly [RegExp, string])[] = [
  [/\/subtasksinfo$/, 'SubtaskInformation'],
  [/\/jobpreparationandreleasetaskstatus$/, 'JobPreparationAndReleaseTaskExecutionInformation'],
  [/\/extensions(?:\/\{\w+\})?$/, 'NodeVMExtension'],
  [/\/nodes(?:\/\{\w+\})?$/, 'ComputeNode'],
  [/\/tasks(?:\/\{\w+\})?$/, 'CloudTask'],
  [/\/jobs(?:\/\{\w+\})?$/, 'CloudJob'],
  [/\/jobschedules(?:\/\{\w+\})?$/, 'CloudJobSchedule'],
  [/\/pools(?:\/\{\w+\})?$/, 'CloudPool'],
  [/\/certificates(?:\(.*\))?$/, 'Certificate'],
];

function filterOf(request: BatchRequest, list: FilterableList): FilterNode | undefined {
  const text = request.query.get('$filter');
  if (text === undefined || text.trim() === '') return undefined;
  return understood(request, '$filter', () => {
    const filter = parseFilter(text);
    checkFilter(filter, FILTERABLE[list]);
    return filter;
  });
}

/** Statistics are all that can be expanded. */
function checkExpand(request: BatchRequest): void {
  const text = request.query.get('$expand');
  if (text === undefined || text.trim() === '' || text.trim() === 'stats') return;
  throw badParameter('$expand', text, 'The expand clause is invalid: only stats can be expanded');
}

function understood<T>(request: BatchRequest, name: string, parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    if (!(error instanceof ODataSyntaxError)) throw error;
    throw badParameter(
      name,
      request.query.get(name) ?? '',
      `${error.message} (at character ${error.position + 1})`,
    );
  }
}

function badParameter(name: string, value: string, reason: string): BatchFault {
  return new BatchFault('InvalidQueryParameterValue', {
    QueryParameterName: name,
    QueryParameterValue: value,
    Reason: reason,
  });
}

/** How a list that fits in memory is shown. */
export interface ListShape<T> {
  /** Name after the `#` of odata.metadata. */
  readonly metadata: string;
  /** What the list can be filtered by; absent for one that cannot be filtered. */
  readonly list?: FilterableList;
  /** All items in the order of `keyOf`. */
  readonly items: Iterable<T>;
  readonly keyOf: (item: T) => string;
  readonly view: (item: T) => object;
  readonly largestPage?: number;
}

/** A page of a list whose items are all at hand. */
export function listReply<T>(request: BatchRequest, shape: ListShape<T>): Reply {
  const query = listQuery(request, shape.list, shape.largestPage);
  const value: object[] = [];
  let last: string | undefined;
  for (const item of shape.items) {
    const key = shape.keyOf(item);
    if (query.after !== undefined && key <= query.after) continue;
    const entity = shape.view(item);
    if (!query.matches(entity)) continue;
    if (value.length === query.size) return pageReply(request, shape.metadata, value, last);
    value.push(query.select(entity));
    last = key;
  }
  return pageReply(request, shape.metadata, value, undefined);
}
