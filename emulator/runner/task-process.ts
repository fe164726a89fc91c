import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, constants, openSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { constants as os } from 'node:os';
import { CommandLineError, splitCommandLine } from './command-line.ts';
import { DEFAULT_GRACE_MS, isGroupAlive, killGroup, terminateGroup } from './process-group.ts';

/** What to run: absolute paths, an existing working directory, and the whole environment of the process. */
export interface ProcessSpec {
  readonly commandLine: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly workingDirectory: string;
  /** Created or emptied at start. */
  readonly stdoutPath: string;
  /** Created or emptied at start. */
  readonly stderrPath: string;
  /** Whether what the process leaves running in its group lives on after it, until `kill`. */
  readonly isLasting?: boolean;
}

/** How a process ended; one that a signal ended has exit code 128 + the signal's number, as in a shell. */
export type ProcessExit =
  | { readonly kind: 'exited'; readonly exitCode: number }
  | {
      readonly kind: 'launchFailed';
      readonly code: 'CommandProgramNotFound' | 'CommandLaunchFailed';
      readonly message: string;
    };

/** A process that was asked to start, in a session and process group of its own whose id is `pid`. */
export interface RunningProcess {
  /** Absent when the launch failed. */
  readonly pid: number | undefined;
  /** Resolves, never rejects, when the process has ended and, unless it is lasting, its whole group has. */
  readonly exited: Promise<ProcessExit>;
  /** Ends the whole group, SIGTERM first, SIGKILL `graceMs` later. Resolves when it is gone; harmless afterwards. */
  kill(graceMs?: number): Promise<void>;
}

/**
 * Starts a task's command line without a shell. Standard input is empty; both outputs go straight to their files, so
 * that what the process writes can be read at once and survives this program. Never throws: a failure to launch is
 * an outcome in `exited`.
 */
export function startProcess(spec: ProcessSpec): RunningProcess {
  let child: ChildProcess;
  try {
    child = launch(spec);
  } catch (error) {
    return failedLaunch(launchFailed(messageOf(error)));
  }
  const { pid } = child;
  if (pid === undefined) {
    const exited = new Promise<ProcessExit>((resolve) => {
      child.once('error', (error) => resolve(explainLaunchError(error, spec)));
    });
    return { pid: undefined, exited, kill: async () => {} };
  }
  return supervise(child, pid, spec.isLasting ?? false);
}

function launch(spec: ProcessSpec): ChildProcess {
  const [program, ...args] = splitCommandLine(spec.commandLine);
  const descriptors: number[] = [];
  try {
    for (const path of [spec.stdoutPath, spec.stderrPath]) descriptors.push(openOutput(path));
    const [stdout, stderr] = descriptors;
    return spawn(program, args, {
      cwd: spec.workingDirectory,
      env: { ...spec.environment },
      stdio: ['ignore', stdout, stderr],
      detached: true,
      shell: false,
    });
  } finally {
    for (const descriptor of descriptors) closeSync(descriptor);
  }
}

function openOutput(path: string): number {
  const { O_WRONLY, O_CREAT, O_TRUNC, O_APPEND, O_NOFOLLOW } = constants;
  return openSync(path, O_WRONLY | O_CREAT | O_TRUNC | O_APPEND | O_NOFOLLOW, 0o644);
}

function supervise(child: ChildProcess, pid: number, isLasting: boolean): RunningProcess {
  let killing: Promise<void> | undefined;
  let gone = false;
  const left = new Promise<ProcessExit>((resolve) => {
    child.once('exit', (code, signal) => resolve({ kind: 'exited', exitCode: exitCodeOf(code, signal) }));
  });
  const exited = left.then(async (exit) => {
    if (killing !== undefined) await killing;
    else if (!isLasting) await killGroup(pid);
    // While one of its processes lives, no stranger gets the group's id.
    gone = !(isLasting && killing === undefined && (await isGroupAlive(pid)));
    return exit;
  });
  const kill = async (graceMs = DEFAULT_GRACE_MS): Promise<void> => {
    // The id of a group that is gone may belong to a stranger by now.
    if (gone) return;
    killing ??= terminateGroup(pid, graceMs);
    await killing;
    await exited;
    gone = true;
  };
  return { pid, exited, kill };
}

function exitCodeOf(code: number | null, signal: NodeJS.Signals | null): number {
  if (code !== null) return code;
  return 128 + (signal === null ? 0 : os.signals[signal]);
}

function failedLaunch(exit: ProcessExit): RunningProcess {
  return { pid: undefined, exited: Promise.resolve(exit), kill: async () => {} };
}

function launchFailed(message: string): ProcessExit {
  return { kind: 'launchFailed', code: 'CommandLaunchFailed', message };
}

async function explainLaunchError(error: NodeJS.ErrnoException, spec: ProcessSpec): Promise<ProcessExit> {
  if (error.code !== 'ENOENT') return launchFailed(messageOf(error));
  // The system says "no such file" of an absent working directory too.
  const hasDirectory = await stat(spec.workingDirectory).then(
    (found) => found.isDirectory(),
    () => false,
  );
  if (!hasDirectory) return launchFailed('The working directory of the task does not exist.');
  return {
    kind: 'launchFailed',
    code: 'CommandProgramNotFound',
    message: 'The specified command program is not found',
  };
}

function messageOf(error: unknown): string {
  if (error instanceof CommandLineError) return error.message;
  return error instanceof Error ? error.message : String(error);
}
