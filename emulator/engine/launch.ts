import {
  forgetProcess,
  type ProcessExit,
  type RunningProcess,
  rememberProcess,
  startProcess,
  type TaskFacts,
  taskEnvironment,
} from '../runner/index.ts';
import { fromWindows } from '../runner/windows-command.ts';
import { limitOutputs } from './output-limit.ts';
import { packageFacts } from './packages.ts';
import { isWindowsPool } from './windows-pools.ts';
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
  const process = begin(world, commandLine, facts, false);
  const stopWatching = limitOutputs(world, process, facts.task);
  const ended = (async () => {
    try {
      return await process.exited;
    } finally {
      stopWatching();
      // Whatever the task left running in its group ends with it.
      await end(world, process);
    }
  })();
  return { process, ended };
}

/** A process whose group lives on after it. */
export interface Lasting {
  readonly exited: Promise<ProcessExit>;
  /** Ends the whole group; resolves when it is gone. */
  stop(): Promise<void>;
}

/** Starts a command line as `launch` does, but what it leaves running lives until it is stopped. */
export function launchLasting(world: World, commandLine: string, facts: LaunchFacts): Lasting {
  const process = begin(world, commandLine, facts, true);
  const stopWatching = limitOutputs(world, process, facts.task);
  const stop = () => {
    stopWatching();
    return end(world, process);
  };
  return { exited: process.exited, stop };
}

function begin(world: World, commandLine: string, facts: LaunchFacts, isLasting: boolean): RunningProcess {
  const process = startProcess({
    commandLine: isWindowsPool(world, facts.poolId) ? fromWindows(commandLine) : commandLine,
    environment: environmentOf(world, facts),
    workingDirectory: facts.task.working,
    stdoutPath: facts.task.stdout,
    stderrPath: facts.task.stderr,
    isLasting,
  });
  if (process.pid !== undefined) rememberProcess(world.options.processNotes, process.pid);
  return process;
}

/** The whole environment of a task's processes. */
export function environmentOf(world: World, facts: LaunchFacts): Record<string, string> {
  return taskEnvironment({
    accountName: world.options.account,
    accountUrl: `${world.options.accountUrl()}/`,
    ...facts,
    applicationPackages: [...packagesOfPool(world, facts), ...(facts.applicationPackages ?? [])],
  });
}

async function end(world: World, process: RunningProcess): Promise<void> {
  await process.kill();
  if (process.pid !== undefined) forgetProcess(world.options.processNotes, process.pid);
}

/** Whatever runs on a node finds the packages that the pool has put there. */
function packagesOfPool(world: World, { poolId, nodeId }: LaunchFacts) {
  return packageFacts(world, nodeId, world.nodes.get(poolId, nodeId)?.packages ?? []);
}
