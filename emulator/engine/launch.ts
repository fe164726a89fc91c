import {
  forgetProcess,
  type ProcessExit,
  type RunningProcess,
  rememberProcess,
  startProcess,
  type TaskFacts,
  taskEnvironment,
} from '../runner/index.ts';
import { packageFacts } from './packages.ts';
import type { World } from './world.ts';

/** The facts of a task that its place tells, without those that are the same for all tasks of the account. */
export type LaunchFacts = Omit<TaskFacts, 'accountName' | 'accountUrl'>;

/** A process of a task, and its end: all of its process group gone and its note crossed out. */
export interface Launched {
  readonly process: RunningProcess;
  readonly ended: Promise<ProcessExit>;
}

/**
 * Starts a command line in a task's directory, which must exist. The process is written down before anything
 * else happens, so that it can be found again should the emulator die.
 */
export function launch(world: World, commandLine: string, facts: LaunchFacts): Launched {
  const process = startProcess({
    commandLine,
    environment: taskEnvironment({
      accountName: world.options.account,
      accountUrl: `${world.options.accountUrl()}/`,
      ...facts,
      applicationPackages: [...packagesOfPool(world, facts), ...(facts.applicationPackages ?? [])],
    }),
    workingDirectory: facts.task.working,
    stdoutPath: facts.task.stdout,
    stderrPath: facts.task.stderr,
  });
  const { pid } = process;
  if (pid !== undefined) rememberProcess(world.processesDirectory, pid);
  const ended = (async () => {
    try {
      return await process.exited;
    } finally {
      // Whatever the task left running in its group ends with it.
      await process.kill();
      if (pid !== undefined) forgetProcess(world.processesDirectory, pid);
    }
  })();
  return { process, ended };
}

/** Whatever runs on a node finds the packages that the pool has put there. */
function packagesOfPool(world: World, { poolId, nodeId }: LaunchFacts) {
  return packageFacts(world, nodeId, world.nodes.get(poolId, nodeId)?.packages ?? []);
}
