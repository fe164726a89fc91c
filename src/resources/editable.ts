import type { EditableProperty } from './types.ts';

const METADATA: EditableProperty = {
  name: 'metadata',
  hint: 'names and values for your own use; the service does nothing with them',
  example: 'metadata:\n  - name: project\n    value: blue',
  cleared: [],
};

/** What PATCH takes of a pool. @see https://learn.microsoft.com/rest/api/batchservice/pool/patch */
export const POOL_EDITABLE: readonly EditableProperty[] = [
  {
    name: 'startTask',
    hint: 'runs on each node when it joins the pool or restarts; nodes that are up keep the old one till then',
    after: 'nodes take the start task on reboot (enter, *, b)',
    cleared: null,
    example:
      'startTask:\n  commandLine: /bin/bash -c "echo ready"\n  waitForSuccess: true\n  maxTaskRetryCount: 1',
  },
  METADATA,
  {
    name: 'applicationPackageReferences',
    hint: 'packages that are put on nodes as they join or restart; ten at most',
    example: 'applicationPackageReferences:\n  - applicationId: blender\n    version: "4.2"',
    cleared: [],
  },
  {
    name: 'certificateReferences',
    hint: 'certificates that are installed on nodes as they join or restart',
    example:
      'certificateReferences:\n  - thumbprint: 0123456789abcdef0123456789abcdef01234567\n    thumbprintAlgorithm: sha1\n    storeLocation: currentuser\n    visibility: [task]',
    cleared: [],
  },
  {
    name: 'targetNodeCommunicationMode',
    hint: 'default, classic or simplified',
    example: 'targetNodeCommunicationMode: simplified',
    cleared: 'default',
  },
];

/** What PATCH takes of a job. @see https://learn.microsoft.com/rest/api/batchservice/job/patch */
export const JOB_EDITABLE: readonly EditableProperty[] = [
  { name: 'priority', hint: '-1000 to 1000; higher runs first', example: 'priority: 100', cleared: 0 },
  {
    name: 'maxParallelTasks',
    hint: 'tasks that run at a time; -1 for as many as the nodes take',
    example: 'maxParallelTasks: 10',
    cleared: -1,
  },
  {
    name: 'allowTaskPreemption',
    hint: 'true lets jobs of higher priority take the places of its running tasks',
    example: 'allowTaskPreemption: true',
    cleared: false,
  },
  {
    name: 'onAllTasksComplete',
    hint: 'noaction or terminatejob; terminatejob cannot be taken back, and ends a job without tasks at once',
    example: 'onAllTasksComplete: terminatejob',
    cleared: 'noaction',
  },
  {
    name: 'constraints',
    hint: 'maxWallClockTime as ISO 8601 (PT2H30M); maxTaskRetryCount 0 or more, -1 without end',
    example: 'constraints:\n  maxWallClockTime: PT2H30M\n  maxTaskRetryCount: 1',
    cleared: {},
  },
  METADATA,
  { name: 'poolInfo', hint: 'the pool that its tasks run on; the job must be disabled to change it (p)' },
];

/** What PATCH takes of a job schedule. @see https://learn.microsoft.com/rest/api/batchservice/job-schedule/patch */
export const SCHEDULE_EDITABLE: readonly EditableProperty[] = [
  {
    name: 'schedule',
    hint: 'recurrenceInterval and startWindow as ISO 8601 of a minute or more (PT1H); doNotRunUntil/After as times',
    example: 'schedule:\n  recurrenceInterval: PT1H',
    cleared: {},
  },
  {
    name: 'jobSpecification',
    hint: 'what its jobs are made with; jobs that exist already stay as they are',
  },
  METADATA,
];

/** What PUT takes of a task. @see https://learn.microsoft.com/rest/api/batchservice/task/update */
export const TASK_EDITABLE: readonly EditableProperty[] = [
  {
    name: 'constraints',
    hint: 'all that the service lets you change: maxWallClockTime, retentionTime (ISO 8601), maxTaskRetryCount',
    example: 'constraints:\n  maxWallClockTime: PT1H\n  retentionTime: P7D\n  maxTaskRetryCount: 3',
    cleared: {},
  },
];
