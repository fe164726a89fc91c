import { COMPARE_OPERATORS, type CompareOperator } from './syntax.ts';

/** How a property compares. An `enum` is a string whose case does not count. */
export type FieldType = 'string' | 'enum' | 'number' | 'boolean' | 'dateTime';
export type FilterOperator = CompareOperator | 'startswith';

export interface FilterField {
  readonly type: FieldType;
  readonly operators: readonly FilterOperator[];
}

/** Filterable properties of one list, by path. */
export type FilterFields = Readonly<Record<string, FilterField>>;

/** The lists that take a `$filter`. */
export type FilterableList =
  | 'pools'
  | 'nodes'
  | 'nodeCounts'
  | 'jobs'
  | 'scheduleJobs'
  | 'jobSchedules'
  | 'jobPreparationAndReleaseStatus'
  | 'tasks'
  | 'files'
  | 'supportedImages'
  | 'certificates'
  | 'poolUsageMetrics';

const EQUALITY = ['eq', 'ne'] as const;
const ALL = [...COMPARE_OPERATORS, 'startswith'] as const;

/** Enumerated properties keep their name wherever they occur, so the last segment of a path tells them. */
const ENUMERATIONS: ReadonlySet<string> = new Set([
  'state',
  'allocationState',
  'result',
  'osType',
  'verificationType',
  'vmSize',
]);

/** Whether values of the property at `path` compare without regard to case. */
export function isEnumeration(path: string): boolean {
  return ENUMERATIONS.has(path.slice(path.lastIndexOf('/') + 1));
}

/** Where an entity keeps the property that a filter calls `path`. The tasks' filter has a name of its own for one. */
export function entityPath(path: string): string {
  return path === 'lastModifiedTime' ? 'lastModified' : path;
}

const text = (operators: readonly FilterOperator[] = ALL): FilterField => ({ type: 'string', operators });
const choice = (operators: readonly FilterOperator[] = ALL): FilterField => ({ type: 'enum', operators });
const time: FilterField = { type: 'dateTime', operators: COMPARE_OPERATORS };
const integer: FilterField = { type: 'number', operators: COMPARE_OPERATORS };
const flag: FilterField = { type: 'boolean', operators: EQUALITY };

const scheduleJobs: FilterFields = {
  state: choice(),
  stateTransitionTime: time,
  creationTime: time,
  lastModified: time,
  'executionInfo/startTime': time,
  'executionInfo/endTime': time,
  'executionInfo/poolId': text(),
};

function runFields(prefix: string): FilterFields {
  return {
    [`${prefix}/state`]: choice(),
    [`${prefix}/startTime`]: time,
    [`${prefix}/endTime`]: time,
    [`${prefix}/exitCode`]: integer,
    [`${prefix}/result`]: choice(),
  };
}

/**
 * What each list can be filtered by, and with which operators.
 * https://learn.microsoft.com/rest/api/batchservice/odata-filters-in-batch
 */
export const FILTERABLE: Readonly<Record<FilterableList, FilterFields>> = {
  pools: {
    id: text(),
    state: choice(['eq']),
    allocationState: choice(['eq']),
    stateTransitionTime: time,
    allocationStateTransitionTime: time,
    creationTime: time,
    lastModified: time,
    enableAutoScale: flag,
    enableInterNodeCommunication: flag,
    vmSize: choice(EQUALITY),
  },
  nodes: {
    state: choice(['eq']),
    stateTransitionTime: time,
    lastBootTime: time,
    allocationTime: time,
    ...runFields('startTaskInfo'),
  },
  nodeCounts: { poolId: text(['eq']) },
  jobs: { id: text(), ...scheduleJobs },
  scheduleJobs,
  jobSchedules: {
    id: text(),
    state: choice(),
    stateTransitionTime: time,
    creationTime: time,
    lastModified: time,
    'executionInfo/endTime': time,
    'schedule/doNotRunUntil': time,
    'schedule/doNotRunAfter': time,
  },
  jobPreparationAndReleaseStatus: {
    poolId: text(),
    nodeId: text(),
    ...runFields('jobPreparationTaskExecutionInfo'),
    ...runFields('jobReleaseTaskExecutionInfo'),
  },
  tasks: {
    id: text(),
    state: choice(),
    stateTransitionTime: time,
    creationTime: time,
    lastModified: time,
    lastModifiedTime: time,
    'executionInfo/startTime': time,
    'executionInfo/endTime': time,
    'executionInfo/exitCode': integer,
    'executionInfo/result': choice(),
  },
  files: { name: text(['startswith']) },
  supportedImages: {
    osType: choice(EQUALITY),
    verificationType: choice(EQUALITY),
    nodeAgentSKUId: text(EQUALITY),
  },
  certificates: { state: choice(), stateTransitionTime: time },
  poolUsageMetrics: { poolId: text() },
};
