import type { JobRecord, Task } from '../model/entities.ts';
import { preparationId } from '../model/job-tasks.ts';
import { ENDED_BY_WALL_CLOCK, NO_CONTAINERS, type TaskOutcome, WALL_CLOCK_EXIT_CODE } from '../model/task.ts';
import type {
  ApplicationPackageFacts,
  NodeDirectories,
  ProcessExit,
  TaskDirectory,
} from '../runner/index.ts';
import { type LaunchFacts, launch } from './launch.ts';
import { placeCertificates } from './node-certificates.ts';
import { installPackages, PackageFault, packageFacts } from './packages.ts';
import { asResourceFault, fetchResourceFiles } from './resource-files.ts';
import type { Run } from './task-run.ts';
import type { World } from './world.ts';

/** Fetches what the task needs, and runs it once. */
export async function attemptTask(world: World, run: Run, job: JobRecord, task: Task): Promise<TaskOutcome> {
  if (task.containerSettings !== undefined) return { kind: 'notStarted', failure: NO_CONTAINERS };
  try {
    await supply(world, run, task);
    const references = task.applicationPackageReferences ?? [];
    const packages = await installPackages(world, run.nodeId, references);
    const facts = packageFacts(world, run.nodeId, packages);
    return outcomeOf(run, await runProcess(world, run, job, task, facts));
  } catch (error) {
    const fault = error instanceof PackageFault ? error : asResourceFault(error);
    if (fault === undefined) throw error;
    if (run.timedOut) return outcomeOf(run, { kind: 'exited', exitCode: WALL_CLOCK_EXIT_CODE });
    return { kind: 'notStarted', failure: fault.failure };
  } finally {
    await run.group?.stop();
  }
}

async function runProcess(
  world: World,
  run: Run,
  job: JobRecord,
  task: Task,
  applicationPackages: readonly ApplicationPackageFacts[],
): Promise<ProcessExit> {
  const directories = world.directoriesOf(run.nodeId);
  const directory = directories.task(run.jobId, run.taskId);
  await directories.createTask(directory);
  await placeCertificates(world, { ...run, task: directory });
  if (run.abandoned || run.timedOut) return { kind: 'exited', exitCode: WALL_CLOCK_EXIT_CODE };
  const failure = await run.group?.coordinate();
  if (failure !== undefined) return failure;
  if (run.abandoned || run.timedOut) return { kind: 'exited', exitCode: WALL_CLOCK_EXIT_CODE };
  const facts: LaunchFacts = {
    poolId: run.poolId,
    nodeId: run.nodeId,
    isDedicated: world.nodes.get(run.poolId, run.nodeId)?.node.isDedicated ?? true,
    node: directories,
    task: directory,
    jobId: run.jobId,
    taskId: run.taskId,
    preparation: preparationOf(job, directories),
    authenticationToken: tokenOf(world, job, task),
    applicationPackages,
    multiInstance: run.group?.factsOf(0),
    commonEnvironmentSettings: job.job.commonEnvironmentSettings,
    environmentSettings: task.environmentSettings,
  };
  run.facts = facts;
  const { process, ended } = launch(world, task.commandLine, facts);
  run.process = process;
  return ended;
}

function tokenOf(world: World, { job, number }: JobRecord, task: Task): string | undefined {
  if (!task.authenticationTokenSettings?.access?.includes('job')) return undefined;
  return world.options.taskToken({ jobId: job.id, jobNumber: number });
}

function outcomeOf(run: Run, exit: ProcessExit): TaskOutcome {
  if (run.timedOut) return { kind: 'ended', failure: ENDED_BY_WALL_CLOCK, exitCode: WALL_CLOCK_EXIT_CODE };
  if (exit.kind === 'exited') return exit;
  return { kind: 'notStarted', failure: { category: 'UserError', code: exit.code, message: exit.message } };
}

/** Fetches the task's own files, and those of all instances. @throws ResourceFault */
async function supply(world: World, run: Run, task: Task): Promise<void> {
  if (run.supplied) return;
  const directories = world.directoriesOf(run.nodeId);
  const directory = directories.task(run.jobId, run.taskId);
  await directories.createTask(directory);
  const signal = AbortSignal.any([run.transfers.signal, run.timeUp.signal]);
  const place = { directory: directory.working, arrivals: directories.volatile };
  await fetchResourceFiles(world, task.resourceFiles, place, signal);
  await run.group?.supply(signal);
  run.supplied = true;
}

/** Where the job's preparation task was run on the node. */
function preparationOf({ job }: JobRecord, directories: NodeDirectories): TaskDirectory | undefined {
  const task = job.jobPreparationTask;
  return task === undefined ? undefined : directories.task(job.id, preparationId(task));
}
