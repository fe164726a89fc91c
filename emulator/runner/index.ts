/** Tasks as real processes on this machine: launching, ending, environment, directories and files of a node. */
export { CommandLineError, splitCommandLine } from './command-line.ts';
export { NodeDirectories, type TaskDirectory, trashDirectory } from './node-directories.ts';
export { forgetProcess, killProcessesOn, reapOrphans, rememberProcess } from './orphans.ts';
export {
  type ApplicationPackageFacts,
  type EnvironmentSetting,
  type MultiInstanceFacts,
  packageVariable,
  type TaskFacts,
  taskEnvironment,
} from './task-environment.ts';
export { type ProcessExit, type ProcessSpec, type RunningProcess, startProcess } from './task-process.ts';
export { notesOfRun, Watchdog } from './watchdog.ts';
