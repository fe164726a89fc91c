import { parseDuration } from '../duration.ts';
import type { JobRecord, NodeRecord, Task, TaskRecord } from '../model/entities.ts';
import { preparationId } from '../model/job-tasks.ts';
import { occupyNode, rememberTask, vacateNode } from '../model/node.ts';
import { ENDED_BY_WALL_CLOCK, mayRetry, type TaskOutcome, WALL_CLOCK_EXIT_CODE } from '../model/task.ts';
import type {
  ApplicationPackageFacts,
  NodeDirectories,
  ProcessExit,
  RunningProcess,
  TaskDirectory,
} from '../runner/index.ts';
import type { JobPreparation } from './job-preparation.ts';
import { launch } from './launch.ts';
import { installPackages, PackageFault, packageFacts } from './packages.ts';
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
  /** Resolves when the run is abandoned. */
  readonly abandonment: Promise<void>;
  readonly abandon: () => void;
  timedOut: boolean;
  readonly gone: Promise<void>;
  readonly leave: () => void;
}

/** Runs tasks on nodes: one process group an attempt, killed whole when the task is ended. */
export class TaskExecutor {
  readonly #world: World;
  readonly #ledger: TaskLedger;
  readonly #preparation: JobPreparation;
  /** The runs that stand for their tasks. */
  readonly #runs = new Map<string, Run>();
  /** All runs of which something is left, those abandoned included. */
  readonly #present = new Set<Run>();

  constructor(world: World, ledger: TaskLedger, preparation: JobPreparation) {
    this.#world = world;
    this.#ledger = ledger;
    this.#preparation = preparation;
  }

  /** Gives the task slots on the node and starts it there, once the node is prepared for the job. */
  start(job: JobRecord, record: TaskRecord, node: NodeRecord, slots: number): void {
    const mustWait = this.#preparation.mustWait(job, node.node.id);
    const begun = this.#ledger.begin(job, record, node.node.id, mustWait ? 'preparing' : 'running');
    const now = this.#world.clock.now();
    this.#world.nodes.put(rememberTask(occupyNode(node, slots, now), job.job.id, begun.task));
    const key = runKey(job.number, begun.task.id);
    const run = createRun(job, begun.task, node, slots);
    this.#runs.set(key, run);
    this.#present.add(run);
    this.#world.guard(async () => {
      try {
        // What was begun is on record before it has effects outside.
        await this.#world.database.committed();
        if (await this.#prepare(run, job, node)) await this.#perform(run, job, begun.task);
      } finally {
        if (this.#runs.get(key) === run) this.#runs.delete(key);
        this.#present.delete(run);
        this.#leave(run);
        run.leave();
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
    run.abandon();
    await Promise.all([run.process?.kill(), run.gone]);
  }

  /** The tasks that are on a node now. */
  runsOn(nodeId: string): { jobId: string; jobNumber: number; taskId: string }[] {
    return [...this.#runs.values()].filter((run) => run.nodeId === nodeId);
  }

  /** Resolves when nothing is left running of the job's tasks. */
  async cleared(jobNumber: number): Promise<void> {
    const present = [...this.#present].filter((run) => run.jobNumber === jobNumber);
    await Promise.all(present.map((run) => run.gone));
  }

  /** Kills every task's processes; for the end of the emulator. */
  async stopAll(): Promise<void> {
    await Promise.all([...this.#runs.values()].map((run) => this.abandon(run.jobNumber, run.taskId)));
  }

  /** Waits for the job's preparation of the node. The answer is whether the task is to run now. */
  async #prepare(run: Run, job: JobRecord, node: NodeRecord): Promise<boolean> {
    if (job.job.jobPreparationTask === undefined || run.abandoned) return !run.abandoned;
    const prepared = await Promise.race([this.#preparation.prepare(job, node), run.abandonment]);
    const record = this.#ledger.get(job, run.taskId);
    if (run.abandoned || record === undefined) return false;
    if (!prepared) {
      this.#ledger.giveBack(job, record);
      return false;
    }
    if (record.task.state === 'preparing') this.#ledger.run(job, record);
    await this.#world.database.committed();
    return !run.abandoned;
  }

  async #perform(run: Run, job: JobRecord, task: Task): Promise<void> {
    const cancelTimer = this.#limitTime(run, task);
    try {
      for (;;) {
        const outcome = await this.#attempt(run, job, task);
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

  /** Fetches what the task needs, and runs it once. */
  async #attempt(run: Run, job: JobRecord, task: Task): Promise<TaskOutcome> {
    try {
      const references = task.applicationPackageReferences ?? [];
      const packages = await installPackages(this.#world, run.nodeId, references);
      const facts = packageFacts(this.#world, run.nodeId, packages);
      return this.#outcome(run, await this.#runProcess(run, job, task, facts));
    } catch (fault) {
      if (!(fault instanceof PackageFault)) throw fault;
      return { kind: 'notStarted', failure: fault.failure };
    }
  }

  async #runProcess(
    run: Run,
    job: JobRecord,
    task: Task,
    applicationPackages: readonly ApplicationPackageFacts[],
  ): Promise<ProcessExit> {
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
      preparation: preparationOf(job, directories),
      applicationPackages,
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

function createRun(job: JobRecord, task: Task, node: NodeRecord, slots: number): Run {
  let abandon = () => {};
  let leave = () => {};
  const abandonment = new Promise<void>((resolve) => {
    abandon = resolve;
  });
  const gone = new Promise<void>((resolve) => {
    leave = resolve;
  });
  return {
    jobNumber: job.number,
    jobId: job.job.id,
    taskId: task.id,
    poolId: node.poolId,
    nodeId: node.node.id,
    slots,
    process: undefined,
    abandoned: false,
    abandonment,
    abandon,
    timedOut: false,
    gone,
    leave,
  };
}

/** Where the job's preparation task was run on the node. */
function preparationOf({ job }: JobRecord, directories: NodeDirectories): TaskDirectory | undefined {
  const task = job.jobPreparationTask;
  return task === undefined ? undefined : directories.task(job.id, preparationId(task));
}

function runKey(jobNumber: number, taskId: string): string {
  return `${jobNumber}/${taskId}`;
}
