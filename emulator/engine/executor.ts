import { parseDuration } from '../duration.ts';
import type { JobRecord, NodeRecord, Task, TaskRecord } from '../model/entities.ts';
import { occupyNode, rememberTask, vacateNode } from '../model/node.ts';
import { mayRetry, type TaskOutcome } from '../model/task.ts';
import { InstanceGroup } from './instance-group.ts';
import type { JobPreparation } from './job-preparation.ts';
import { environmentOf } from './launch.ts';
import { uploadOutputFiles } from './output-files.ts';
import { attemptTask } from './task-attempt.ts';
import type { TaskLedger } from './task-ledger.ts';
import { createRun, nodesOf, type Run, sharesDirectory } from './task-run.ts';
import type { World } from './world.ts';

/** Runs tasks on nodes: one process group an attempt, killed whole when the task is ended. */
export class TaskExecutor {
  readonly #world: World;
  readonly #ledger: TaskLedger;
  readonly #preparation: JobPreparation;
  /** The runs that stand for their tasks. */
  readonly #runs = new Map<string, Run>();
  /** All runs of which something is left, those abandoned included. */
  readonly #present = new Set<Run>();
  /** Those abandoned. */
  readonly #leaving = new Set<Run>();

  constructor(world: World, ledger: TaskLedger, preparation: JobPreparation) {
    this.#world = world;
    this.#ledger = ledger;
    this.#preparation = preparation;
  }

  /**
   * Gives the task slots on the node and starts it there, once the node is prepared for the job. A multi-instance
   * task takes slots on the other nodes too.
   */
  start(
    job: JobRecord,
    record: TaskRecord,
    node: NodeRecord,
    slots: number,
    others: readonly NodeRecord[] = [],
  ): void {
    const nodes = [node, ...others];
    const mustWait = nodes.some((each) => this.#preparation.mustWait(job, each.node.id));
    const begun = this.#ledger.begin(job, record, node.node.id, mustWait ? 'preparing' : 'running');
    const now = this.#world.clock.now();
    nodes.forEach((each, instance) => {
      const occupied = occupyNode(each, slots, now);
      this.#world.nodes.put(rememberTask(occupied, job.job.id, begun.task, instance));
    });
    const key = runKey(job.number, begun.task.id);
    const group =
      begun.task.multiInstanceSettings === undefined
        ? undefined
        : new InstanceGroup(this.#world, this.#ledger, job, begun.task, nodes);
    const run = createRun(job, begun.task, node, slots, others, group);
    this.#runs.set(key, run);
    this.#present.add(run);
    this.#world.guard(async () => {
      try {
        // What was begun is on record before it has effects outside.
        await this.#world.database.committed();
        await this.#replace(run);
        if (await this.#prepare(run, job, nodes)) await this.#perform(run, job, begun.task);
      } finally {
        if (this.#runs.get(key) === run) this.#runs.delete(key);
        this.#leave(run);
        await run.cleanUp?.();
        this.#present.delete(run);
        this.#leaving.delete(run);
        run.leave();
      }
    });
  }

  /**
   * Lets go of a running task whose state others settle: its processes are killed and its slots freed. Then comes
   * `cleanUp`, at once if the task does not run. Resolves when all that is done.
   */
  async abandon(jobNumber: number, taskId: string, cleanUp?: () => Promise<void>): Promise<void> {
    const key = runKey(jobNumber, taskId);
    const run = this.#runs.get(key);
    if (run === undefined) {
      await cleanUp?.();
      return;
    }
    run.cleanUp = cleanUp;
    // From here on the task may be started anew while the old process is still dying.
    this.#runs.delete(key);
    run.abandoned = true;
    this.#leaving.add(run);
    run.transfers.abort();
    run.abandon();
    await Promise.all([this.#kill(run), run.gone]);
  }

  /** The tasks that are on a node now. */
  runsOn(nodeId: string): { jobId: string; jobNumber: number; taskId: string }[] {
    return [...this.#runs.values()].filter((run) => nodesOf(run).includes(nodeId));
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

  /** Waits until what had the same directory before, the task itself or a namesake, is gone with all it has to remove. */
  async #replace(run: Run): Promise<void> {
    if (run.abandoned) return;
    const before = [...this.#leaving].filter((each) => sharesDirectory(each, run));
    await Promise.all(before.map((each) => each.gone));
  }

  /** Waits for the job's preparation of the node. The answer is whether the task is to run now. */
  async #prepare(run: Run, job: JobRecord, nodes: readonly NodeRecord[]): Promise<boolean> {
    if (job.job.jobPreparationTask === undefined || run.abandoned) return !run.abandoned;
    const preparing = Promise.all(nodes.map((node) => this.#preparation.prepare(job, node)));
    const prepared = (await Promise.race([preparing, run.abandonment]))?.every(Boolean);
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
        const outcome = await attemptTask(this.#world, run, job, task);
        const record = this.#ledger.get(job, run.taskId);
        if (run.abandoned || record === undefined) return;
        if (outcome.kind !== 'exited' || !mayRetry(record.task, outcome)) {
          await this.#finish(run, job, task, outcome);
          return;
        }
        this.#ledger.retry(job, record);
      }
    } finally {
      cancelTimer();
    }
  }

  /** Uploads what the task leaves behind; then it is completed. */
  async #finish(run: Run, job: JobRecord, task: Task, outcome: TaskOutcome): Promise<void> {
    const { facts } = run;
    let final = outcome;
    if (facts !== undefined && outcome.kind !== 'notStarted') {
      const finished = {
        outputFiles: task.outputFiles,
        succeeded: outcome.kind === 'exited' && outcome.exitCode === 0,
        directory: facts.task,
        nodeRoot: facts.node.root,
        environment: environmentOf(this.#world, facts),
      };
      const failure = await uploadOutputFiles(this.#world, finished, run.transfers.signal);
      // A failure of the task itself comes first.
      if (failure !== undefined && finished.succeeded) final = { kind: 'notUploaded', failure, exitCode: 0 };
    }
    const record = this.#ledger.get(job, run.taskId);
    if (!run.abandoned && record !== undefined) this.#ledger.complete(job, record, final);
  }

  /** Kills the task when its time is up, retries included. */
  #limitTime(run: Run, task: Task): () => void {
    const limit = parseDuration(task.constraints.maxWallClockTime);
    if (limit === undefined || limit >= FOREVER_MS) return () => {};
    return this.#world.after(limit, async () => {
      run.timedOut = true;
      run.timeUp.abort();
      await this.#kill(run);
    });
  }

  async #kill(run: Run): Promise<void> {
    await Promise.all([run.process?.kill(), run.group?.stop()]);
  }

  #leave(run: Run): void {
    if (this.#world.closed) return;
    const job = this.#world.jobs.get(run.jobId);
    const task =
      job?.number === run.jobNumber ? this.#world.tasks.get(run.jobNumber, run.taskId)?.task : undefined;
    const succeeded = !run.abandoned && task?.executionInfo.result === 'success';
    const nodeIds = nodesOf(run);
    nodeIds.forEach((nodeId, instance) => {
      const node = this.#world.nodes.get(run.poolId, nodeId);
      if (node === undefined) return;
      const vacated = vacateNode(node, run.slots, succeeded, this.#world.clock.now());
      this.#world.nodes.put(task === undefined ? vacated : rememberTask(vacated, run.jobId, task, instance));
    });
    const { jobId, poolId } = run;
    for (const nodeId of nodeIds) this.#world.events.emit('taskLeftNode', { jobId, poolId, nodeId });
    this.#world.events.emit('workPossible', { poolId });
  }
}

/** Tasks live at most 180 days; a limit beyond a year is no limit. */
const FOREVER_MS = 366 * 24 * 3600 * 1000;

function runKey(jobNumber: number, taskId: string): string {
  return `${jobNumber}/${taskId}`;
}
