import fc from 'fast-check';
import { UBUNTU } from './support.ts';

/** A request that a client may send at any moment, whether it makes sense then or not. */
export interface RandomRequest {
  readonly method: string;
  readonly target: string;
  readonly body?: object;
}

const from = fc.constantFrom;
const upTo = (max: number) => fc.nat({ max });

const poolId = from('p', 'q');
// Two of them are the same job to the service.
const jobId = from('a', 'b', 'B', 'c');
const taskId = from('1', '2', '3', 'x', 'Y', 'manager', 'many1', 'many2');
const patience = from('requeue', 'terminate', 'taskcompletion');

/** Some end at once, some soon, some never of themselves, some leave others behind, and one heeds no signal. */
const commandLine = from(
  'true',
  'false',
  'sleep 0.05',
  'sleep 600',
  '/no/such/program',
  "/bin/sh -c 'sleep 600 & sleep 0.05'",
  `/bin/sh -c 'trap "" TERM; sleep 0.3; sleep 0.3'`,
);

const constraints = fc.record({
  maxTaskRetryCount: from(0, 0, 1),
  maxWallClockTime: from('PT0.3S', 'PT1H', 'PT1H'),
  retentionTime: from('PT0S', 'PT1H'),
});

const task = fc.record(
  {
    id: taskId,
    commandLine,
    constraints,
    requiredSlots: from(1, 1, 2),
    dependsOn: fc.record({
      taskIds: fc.array(taskId, { maxLength: 2 }),
      taskIdRanges: fc.array(fc.record({ start: from(1), end: from(1, 2, 3) }), { maxLength: 2 }),
    }),
    exitConditions: fc.record({
      default: fc.record({ jobAction: from('none', 'disable'), dependencyAction: from('satisfy', 'block') }),
    }),
    multiInstanceSettings: fc.record({
      numberOfInstances: from(1, 2),
      coordinationCommandLine: from('true', 'false', 'sleep 0.05'),
    }),
  },
  { requiredKeys: ['id', 'commandLine'] },
);

const pool = fc.record(
  {
    id: poolId,
    vmSize: from('standard_d4_v3'),
    virtualMachineConfiguration: from(UBUNTU),
    targetDedicatedNodes: upTo(3),
    targetLowPriorityNodes: upTo(1),
    taskSlotsPerNode: from(1, 4),
    enableInterNodeCommunication: fc.boolean(),
    startTask: fc.record({ commandLine: from('true', 'sleep 0.05'), waitForSuccess: fc.boolean() }),
  },
  { requiredKeys: ['id', 'vmSize', 'virtualMachineConfiguration', 'targetDedicatedNodes'] },
);

const job = fc.record(
  {
    id: jobId,
    poolInfo: fc.record({ poolId }),
    priority: upTo(3),
    maxParallelTasks: from(-1, 2),
    usesTaskDependencies: fc.boolean(),
    onAllTasksComplete: from('noaction', 'terminatejob'),
    onTaskFailure: from('noaction', 'performexitoptionsjobaction'),
    jobPreparationTask: fc.record({ commandLine: from('true', 'sleep 0.1'), waitForSuccess: fc.boolean() }),
    jobManagerTask: fc.record({
      id: from('manager'),
      commandLine: from('true', 'sleep 0.1'),
      killJobOnCompletion: fc.boolean(),
      runExclusive: fc.boolean(),
    }),
  },
  { requiredKeys: ['id', 'poolInfo', 'usesTaskDependencies'] },
);

const request = (method: string, target: fc.Arbitrary<string>, body?: fc.Arbitrary<object>) =>
  fc.record({ method: from(method), target, ...(body === undefined ? {} : { body }) });

const inPool = (rest: string) => poolId.map((id) => `/pools/${id}${rest}`);
const inJob = (rest: string) => jobId.map((id) => `/jobs/${id}${rest}`);
const ofTask = (rest: string) =>
  fc.tuple(jobId, taskId).map(([id, each]) => `/jobs/${id}/tasks/${each}${rest}`);

/** What stands in a target for a node of the pool. */
export const SOME_NODE = 'SOME-NODE';

const CHANGES = [
  { weight: 6, arbitrary: request('POST', from('/pools'), pool) },
  { weight: 1, arbitrary: request('DELETE', inPool('')) },
  {
    weight: 4,
    arbitrary: request(
      'POST',
      inPool('/resize'),
      fc.record({ targetDedicatedNodes: upTo(4), nodeDeallocationOption: patience }),
    ),
  },
  { weight: 1, arbitrary: request('POST', inPool('/stopresize')) },
  {
    weight: 2,
    arbitrary: request(
      'POST',
      inPool(`/nodes/${SOME_NODE}/reboot`),
      fc.record({ nodeRebootOption: patience }),
    ),
  },
  {
    weight: 2,
    arbitrary: request(
      'POST',
      inPool(`/nodes/${SOME_NODE}/disablescheduling`),
      fc.record({ nodeDisableSchedulingOption: patience }),
    ),
  },
  { weight: 2, arbitrary: request('POST', inPool(`/nodes/${SOME_NODE}/enablescheduling`)) },
  { weight: 8, arbitrary: request('POST', from('/jobs'), job) },
  { weight: 3, arbitrary: request('DELETE', inJob('')) },
  { weight: 1, arbitrary: request('POST', inJob('/terminate')) },
  {
    weight: 3,
    arbitrary: request(
      'POST',
      inJob('/disable'),
      fc.record({ disableTasks: from('requeue', 'terminate', 'wait') }),
    ),
  },
  { weight: 5, arbitrary: request('POST', inJob('/enable')) },
  { weight: 1, arbitrary: request('PATCH', inJob(''), fc.record({ maxParallelTasks: from(-1, 1) })) },
  { weight: 16, arbitrary: request('POST', inJob('/tasks'), task) },
  {
    weight: 6,
    arbitrary: request(
      'POST',
      inJob('/addtaskcollection'),
      fc.record({ value: fc.array(task, { maxLength: 8 }) }),
    ),
  },
  { weight: 5, arbitrary: request('DELETE', ofTask('')) },
  { weight: 4, arbitrary: request('POST', ofTask('/terminate')) },
  { weight: 4, arbitrary: request('POST', ofTask('/reactivate')) },
];

const LOOKS = [
  { weight: 6, arbitrary: request('GET', inJob('/tasks?maxresults=3')) },
  { weight: 3, arbitrary: request('GET', inJob("/tasks?$filter=state%20eq%20'running'")) },
  { weight: 3, arbitrary: request('GET', inPool('/nodes')) },
  { weight: 2, arbitrary: request('GET', inJob('/taskcounts')) },
  { weight: 2, arbitrary: request('GET', from('/jobs?$expand=stats&maxresults=2')) },
  { weight: 2, arbitrary: request('GET', ofTask('/files')) },
  { weight: 2, arbitrary: request('GET', ofTask('/files/stdout.txt')) },
  { weight: 1, arbitrary: request('GET', ofTask('/subtasksinfo')) },
  { weight: 1, arbitrary: request('GET', from('/nodecounts')) },
];

/** What one client does, request by request. */
export function randomRequests(seed: number, count: number): RandomRequest[] {
  return fc.sample(fc.oneof(...CHANGES, ...LOOKS), { seed, numRuns: count });
}
