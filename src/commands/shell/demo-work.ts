import type { BatchPort } from '../../api/port.ts';
import { AzbError, describeError, ServiceError } from '../../lib/errors.ts';
import type { Entity } from '../../resources/types.ts';

export const DEMO_POOL = 'mypool';
export const DEMO_JOB = 'myjob';
/** The job of the tasks that the tutorial does not have. */
export const DEMO_MORE_JOB = 'morework';
const DEMO_SCHEDULE = 'myschedule';

const POOL: Entity = {
  id: DEMO_POOL,
  vmSize: 'Standard_A1_v2',
  targetDedicatedNodes: 3,
  virtualMachineConfiguration: {
    imageReference: { publisher: 'canonical', offer: 'ubuntuserver', sku: '16.04-LTS' },
    nodeAgentSKUId: 'batch.node.ubuntu 16.04',
  },
};

/** The command of the service's quickstart. @see https://learn.microsoft.com/azure/batch/quick-create-cli */
const TUTORIAL_COMMAND =
  "/bin/bash -c 'echo $(printenv | grep \\AZ_BATCH_TASK_ID) processed by; echo $(printenv | grep \\AZ_BATCH_NODE_ID)'";

/** The tutorial's ten tasks. */
export const TUTORIAL_TASKS: readonly Entity[] = Array.from({ length: 10 }, (_, index) => ({
  id: `mytask${index + 1}`,
  commandLine: TUTORIAL_COMMAND,
}));

/** Tasks with more to look at; `seconds` is how long the one that prints a line a second lives. */
function moreTasks(seconds: number): readonly Entity[] {
  return [
    { id: 'fails', commandLine: "/bin/bash -c 'echo this task fails on purpose >&2; exit 3'" },
    {
      id: 'ticks',
      commandLine: `/bin/bash -c 'for i in $(seq 1 ${seconds}); do echo "line $i of ${seconds} at $(date +%T)"; sleep 1; done'`,
    },
    {
      id: 'waits',
      dependsOn: { taskIds: ['ticks'] },
      commandLine: "/bin/bash -c 'echo ticks has ended, so this task could start'",
    },
  ];
}

const SCHEDULE: Entity = {
  id: DEMO_SCHEDULE,
  schedule: { recurrenceInterval: 'PT2M' },
  jobSpecification: {
    poolInfo: { poolId: DEMO_POOL },
    jobManagerTask: {
      id: 'manager',
      commandLine: "/bin/bash -c 'echo a schedule made this job'",
      killJobOnCompletion: true,
    },
  },
};

/**
 * Creates the demo's pool, jobs, tasks and schedule, and gives notes about what the service does not do.
 * @throws AzbError when something else is refused.
 */
export async function loadDemoWork(
  port: BatchPort,
  tickSeconds: number,
  signal: AbortSignal,
): Promise<string[]> {
  await port.add('pools', {}, POOL, signal);
  await port.add('jobs', {}, { id: DEMO_JOB, poolInfo: { poolId: DEMO_POOL } }, signal);
  await addTasks(port, DEMO_JOB, TUTORIAL_TASKS, signal);
  const more = { id: DEMO_MORE_JOB, poolInfo: { poolId: DEMO_POOL }, usesTaskDependencies: true };
  await port.add('jobs', {}, more, signal);
  await addTasks(port, DEMO_MORE_JOB, moreTasks(tickSeconds), signal);
  return addSchedule(port, signal);
}

async function addTasks(
  port: BatchPort,
  job: string,
  bodies: readonly Entity[],
  signal: AbortSignal,
): Promise<void> {
  for (const outcome of await port.addTasks(job, bodies, signal)) {
    if (!outcome.ok)
      throw new AzbError(`the task ${outcome.id} was refused: ${outcome.message} (${outcome.code})`);
  }
}

async function addSchedule(port: BatchPort, signal: AbortSignal): Promise<string[]> {
  try {
    await port.add('jobschedules', {}, SCHEDULE, signal);
    return [];
  } catch (error) {
    if (!(error instanceof ServiceError) || error.status !== 501) throw error;
    const { message, details } = describeError(error);
    return [`no job schedule was created: ${details[0] ?? message}`];
  }
}
