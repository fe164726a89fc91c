import { toTimestamp } from '../clock.ts';
import type { StartTaskInformation } from '../model/entities.ts';
import type { FailureInformation } from '../model/failures.ts';
import { ENDED_BY_WALL_CLOCK, exitFailure, WALL_CLOCK_EXIT_CODE } from '../model/task.ts';
import type { ResourceFile } from '../model/task-files.ts';
import type { ProcessExit, RunningProcess } from '../runner/index.ts';
import { type LaunchFacts, launch } from './launch.ts';
import { placeCertificates } from './node-certificates.ts';
import { asResourceFault, fetchResourceFiles } from './resource-files.ts';
import type { World } from './world.ts';

/** How a command outside the slots is getting on, as the service shows it of start and preparation tasks. */
export type CommandInformation = StartTaskInformation;

export interface CommandSpec {
  readonly commandLine: string;
  /** What is fetched into its working directory first. */
  readonly resourceFiles?: readonly ResourceFile[] | undefined;
  /** How often it is run again after a failure; without end when negative. */
  readonly maxTaskRetryCount: number;
  /** Milliseconds for all attempts together; no limit when absent. */
  readonly limit?: number | undefined;
  readonly facts: LaunchFacts;
  /** Hears of the beginning, of every retry, and of the end. */
  readonly show: (info: CommandInformation) => void;
}

/** How an attempt ended, or why there was none. */
type CommandEnd = ProcessExit | { readonly kind: 'notSupplied'; readonly failure: FailureInformation };

/** A command that runs on a node without taking a slot: a start, preparation or release task. */
export class NodeCommand {
  readonly #world: World;
  readonly #spec: CommandSpec;
  readonly #ended: Promise<CommandInformation | undefined>;
  readonly #transfers = new AbortController();
  #process: RunningProcess | undefined;
  #stopped = false;
  #timedOut = false;

  /** Starts it. */
  constructor(world: World, spec: CommandSpec) {
    this.#world = world;
    this.#spec = spec;
    this.#ended = this.#perform();
  }

  /** How it ended; undefined when it was stopped. */
  get ended(): Promise<CommandInformation | undefined> {
    return this.#ended;
  }

  /** Kills its processes and resolves when nothing of it is left. Its end is then nobody's business. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#transfers.abort();
    await Promise.all([this.#process?.kill(), this.#ended.catch(() => {})]);
  }

  async #perform(): Promise<CommandInformation | undefined> {
    const { maxTaskRetryCount: retries, show } = this.#spec;
    let info: CommandInformation = { state: 'running', startTime: this.#time(), retryCount: 0 };
    show(info);
    const cancelTimer = this.#limitTime();
    try {
      // What was begun is on record before it has effects outside.
      await this.#world.database.committed();
      const missing = await this.#supply();
      for (;;) {
        const exit = missing ?? (await this.#attempt());
        if (this.#stopped) return undefined;
        const mayRetry = !this.#timedOut && exit.kind === 'exited' && exit.exitCode !== 0;
        if (!mayRetry || (retries >= 0 && info.retryCount >= retries)) {
          info = this.#completed(info, exit);
          show(info);
          return info;
        }
        const time = this.#time();
        info = { ...info, startTime: time, lastRetryTime: time, retryCount: info.retryCount + 1 };
        show(info);
      }
    } finally {
      cancelTimer();
    }
  }

  /** Makes its directory and fetches the resource files; what comes back is why they could not be had. */
  async #supply(): Promise<CommandEnd | undefined> {
    const { resourceFiles, facts } = this.#spec;
    try {
      await facts.node.createTask(facts.task);
      await placeCertificates(this.#world, facts);
      const place = { directory: facts.task.working, arrivals: facts.node.volatile };
      await fetchResourceFiles(this.#world, resourceFiles, place, this.#transfers.signal);
      return undefined;
    } catch (error) {
      const fault = asResourceFault(error);
      if (fault === undefined) throw error;
      return { kind: 'notSupplied', failure: fault.failure };
    }
  }

  async #attempt(): Promise<ProcessExit> {
    if (this.#stopped || this.#timedOut) return { kind: 'exited', exitCode: WALL_CLOCK_EXIT_CODE };
    const { process, ended } = launch(this.#world, this.#spec.commandLine, this.#spec.facts);
    this.#process = process;
    return ended;
  }

  #completed(info: CommandInformation, exit: CommandEnd): CommandInformation {
    const failure = this.#failure(exit);
    const exitCode = this.#timedOut
      ? WALL_CLOCK_EXIT_CODE
      : exit.kind === 'exited'
        ? exit.exitCode
        : undefined;
    return {
      ...info,
      state: 'completed',
      endTime: this.#time(),
      ...(exitCode === undefined ? {} : { exitCode }),
      ...(failure === undefined ? { result: 'success' } : { failureInfo: failure, result: 'failure' }),
    };
  }

  #failure(exit: CommandEnd) {
    if (this.#timedOut) return ENDED_BY_WALL_CLOCK;
    if (exit.kind === 'notSupplied') return exit.failure;
    if (exit.kind === 'exited') return exitFailure(exit.exitCode);
    return { category: 'UserError' as const, code: exit.code, message: exit.message };
  }

  #limitTime(): () => void {
    const { limit } = this.#spec;
    if (limit === undefined) return () => {};
    return this.#world.after(limit, async () => {
      this.#timedOut = true;
      this.#transfers.abort();
      await this.#process?.kill();
    });
  }

  #time(): string {
    return toTimestamp(this.#world.clock.now());
  }
}
