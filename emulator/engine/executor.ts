import { parseDuration } from '../duration.ts';
import type { JobRecord, NodeRecord, Task, TaskRecord } from '../model/entities.ts';
import { occupyNode, rememberTask, vacateNode } from '../model/node.ts';
import { ENDED_BY_WALL_CLOCK, mayRetry, type TaskOutcome, WALL_CLOCK_EXIT_CODE } from '../model/task.ts';
import type { ProcessExit, RunningProcess } from '../runner/index.ts';
import { launch } from './launch.ts';
import type { TaskLedger } from './task-ledger.ts';
import type { World } from './world.ts';

/** A task on a node, from the moment it is given its slots until its last process is gone. */
interface Run {
  readonly jobNumber: number;
  readonly jobId: string;
  readonly taskId: string;
  readonly poolId: string;
  readonly nodeId: string;
  readonly slots: number;
  process: RunningProcess | undefined;
  /** Whether the task's state has been settled by others; what becomes of the process no longer matters. */
  abandoned: boolean;
  timedOut: boolean;
  readonly gone: Promise<void>;
}

/** Runs tasks on nodes: one process group an attempt, killed whole when the task is ended. */
export class TaskExecutor {
  readonly #world: World;
  readonly #ledger: TaskLedger;
  readonly #runs = new Map<string, Run>();

  constructor(world: World, ledger: TaskLedger) {
    this.#world = world;
    this.#ledger = ledger;
  }

  /** Gives the task its slots on the node and starts it. */
  start(job: JobRecord, record: TaskRecord, node: NodeRecord): void {
    const begun = this.#ledger.begin(job, record, node.node.id, 'running');
    const now = this.#world.clock.now();
    this.#world.nodes.put(rememberTask(occupyNode(node, begun.task, now), job.job.id, begun.task));
    const key = runKey(job.number, begun.task.id);
    let settle = () => {};
    const run: Run = {
      jobNumber: job.number,
      jobId: job.job.id,
      taskId: begun.task.id,
      poolId: node.poolId,
      nodeId: node.node.id,
      slots: begun.task.requiredSlots,
      process: undefined,
      abandoned: false,
      timedOut: false,
      gone: new Promise((resolve) => {
        settle = resolve;
      }),
    };
    this.#runs.set(key, run);
    this.#world.guard(async () => {
      try {
        await this.#perform(run, job, begun.task);
      } finally {
        if (this.#runs.get(key) === run) this.#runs.delete(key);
        this.#leave(run);
        settle();
      }
    });
  }

  /**
   * Lets go of a running task whose state others settle: its processes are killed and its slots freed.
   * Resolves when nothing of it is left running.
   */
  async abandon(jobNumber: number, taskId: string): Promise<void> {
    const key = runKey(jobNumber, taskId);
    const run = this.#runs.get(key);
    if (run === undefined) return;
    // From here on the task may be started anew while the old process is still dying.
    this.#runs.delete(key);
    run.abandoned = true;
    await Promise.all([run.process?.kill(), run.gone]);
  }

  /** The tasks that are on a node now. */
  runsOn(nodeId: string): { jobId: string; jobNumber: number; taskId: string }[] {
    return [...this.#runs.values()].filter((run) => run.nodeId === nodeId);
  }

  /** Kills every task's processes; for the end of the emulator. */
  async stopAll(): Promise<void> {
    await Promise.all([...this.#runs.values()].map((run) => this.abandon(run.jobNumber, run.taskId)));
  }

  async #perform(run: Run, job: JobRecord, task: Task): Promise<void> {
    // What was begun is on record before it has effects outside.
    await this.#world.database.committed();
    const cancelTimer = this.#limitTime(run, task);
    try {
      for (;;) {
        const outcome = this.#outcome(run, await this.#attempt(run, job, task));
        const record = this.#ledger.get(job, run.taskId);
        if (run.abandoned || record === undefined) return;
        if (outcome.kind !== 'exited' || !mayRetry(record.task, outcome)) {
          this.#ledger.complete(job, record, outcome);
          return;
        }
        this.#ledger.retry(job, record, outcome.exitCode);
      }
    } finally {
      cancelTimer();
    }
  }

  async #attempt(run: Run, job: JobRecord, task: Task): Promise<ProcessExit> {
    const directories = this.#world.directoriesOf(run.nodeId);
    const directory = directories.task(run.jobId, run.taskId);
    await directories.createTask(directory);
    if (run.abandoned || run.timedOut) return { kind: 'exited', exitCode: WALL_CLOCK_EXIT_CODE };
    const { process, ended } = launch(this.#world, task.commandLine, {
      poolId: run.poolId,
      nodeId: run.nodeId,
      isDedicated: this.#world.nodes.get(run.poolId, run.nodeId)?.node.isDedicated ?? true,
      node: directories,
      task: directory,
      jobId: run.jobId,
      taskId: run.taskId,
      commonEnvironmentSettings: job.job.commonEnvironmentSettings,
      environmentSettings: task.environmentSettings,
    });
    run.process = process;
    return ended;
  }

  #outcome(run: Run, exit: ProcessExit): TaskOutcome {
    if (run.timedOut) return { kind: 'ended', failure: ENDED_BY_WALL_CLOCK, exitCode: WALL_CLOCK_EXIT_CODE };
    if (exit.kind === 'exited') return exit;
    return { kind: 'notStarted', failure: { category: 'UserError', code: exit.code, message: exit.message } };
  }

  /** Kills the task when its time is up, retries included. */
  #limitTime(run: Run, task: Task): () => void {
    const limit = parseDuration(task.constraints.maxWallClockTime);
    if (limit === undefined || limit >= FOREVER_MS) return () => {};
    return this.#world.after(limit, async () => {
      run.timedOut = true;
      await run.process?.kill();
    });
  }

  #leave(run: Run): void {
    if (this.#world.closed) return;
    const node = this.#world.nodes.get(run.poolId, run.nodeId);
    const job = this.#world.jobs.get(run.jobId);
    const task =
      job?.number === run.jobNumber ? this.#world.tasks.get(run.jobNumber, run.taskId)?.task : undefined;
    if (node !== undefined) {
      const succeeded = !run.abandoned && task?.executionInfo.result === 'success';
      const vacated = vacateNode(node, run.slots, succeeded, this.#world.clock.now());
      this.#world.nodes.put(task === undefined ? vacated : rememberTask(vacated, run.jobId, task));
    }
    const { jobId, poolId, nodeId } = run;
    this.#world.events.emit('taskLeftNode', { jobId, poolId, nodeId });
    this.#world.events.emit('workPossible', { poolId });
  }
}

/** Tasks live at most 180 days; a limit beyond a year is no limit. */
const FOREVER_MS = 366 * 24 * 3600 * 1000;

function runKey(jobNumber: number, taskId: string): string {
  return `${jobNumber}/${taskId}`;
}
