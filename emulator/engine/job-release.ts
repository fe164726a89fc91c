import type { JobRecord, NodeState } from '../model/entities.ts';
import { type JobNodeRecord, needsRelease } from '../model/job-node.ts';
import type { JobReleaseTask } from '../model/job-parts.ts';
import { preparationId, releaseId } from '../model/job-tasks.ts';
import type { TaskExecutor } from './executor.ts';
import { type JobPreparation, limitOf } from './job-preparation.ts';
import type { NodeCommand } from './node-command.ts';
import type { NodeCommands } from './node-commands.ts';
import type { World } from './world.ts';

/** Runs jobs' release tasks when the jobs end: once on every node that was prepared and is still there. */
export class JobRelease {
  readonly #world: World;
  readonly #commands: NodeCommands;
  readonly #executor: TaskExecutor;
  readonly #preparation: JobPreparation;
  /** Releases under way, by job number. */
  readonly #running = new Map<number, Promise<void>>();
  readonly #waiting = new Set<() => void>();

  constructor(world: World, commands: NodeCommands, executor: TaskExecutor, preparation: JobPreparation) {
    this.#world = world;
    this.#commands = commands;
    this.#executor = executor;
    this.#preparation = preparation;
    const lookAgain = () => {
      for (const look of [...this.#waiting]) look();
    };
    world.events.on('nodeChanged', lookAgain);
    world.closing.addEventListener('abort', lookAgain, { once: true });
  }

  /**
   * Resolves when nothing of the job is left on any node and its release task has run on all nodes on which it
   * has to; at once when that was so before. The job takes no more tasks.
   */
  perform(job: JobRecord): Promise<void> {
    const running = this.#running.get(job.number);
    if (running !== undefined) return running;
    const performing = this.#perform(job).finally(() => this.#running.delete(job.number));
    this.#running.set(job.number, performing);
    return performing;
  }

  async #perform(job: JobRecord): Promise<void> {
    await Promise.all([this.#executor.cleared(job.number), this.#preparation.stopJob(job)]);
    const { jobPreparationTask: preparation, jobReleaseTask: release } = job.job;
    if (preparation === undefined || release === undefined || this.#world.closed) return;
    const waits = preparation.waitForSuccess !== false;
    const records = this.#world.jobNodes.ofJob(job.number).filter((record) => needsRelease(record, waits));
    await Promise.all(records.map((record) => this.#runOn(job, record, release)));
  }

  /** A node that restarts meanwhile runs the task again from the beginning. */
  async #runOn(job: JobRecord, record: JobNodeRecord, release: JobReleaseTask): Promise<void> {
    while (await this.#isUp(record)) {
      const done = await this.#start(job, record, release).ended;
      if (done !== undefined || this.#world.closed) return;
    }
  }

  #start(job: JobRecord, { poolId, nodeId }: JobNodeRecord, release: JobReleaseTask): NodeCommand {
    const directories = this.#world.directoriesOf(nodeId);
    const { jobPreparationTask: preparation, commonEnvironmentSettings, id: jobId } = job.job;
    return this.#commands.start({
      commandLine: release.commandLine,
      resourceFiles: release.resourceFiles,
      maxTaskRetryCount: 0,
      limit: limitOf(release.maxWallClockTime),
      facts: {
        poolId,
        nodeId,
        isDedicated: this.#world.nodes.get(poolId, nodeId)?.node.isDedicated ?? true,
        node: directories,
        task: directories.task(jobId, releaseId(release)),
        jobId,
        taskId: releaseId(release),
        preparation:
          preparation === undefined ? undefined : directories.task(jobId, preparationId(preparation)),
        commonEnvironmentSettings,
        environmentSettings: release.environmentSettings,
      },
      show: (info) => {
        const current = this.#world.jobNodes.get(job.number, nodeId);
        if (current !== undefined) this.#world.jobNodes.put({ ...current, release: info });
      },
    });
  }

  /** Waits until the node is up or will not be any more, be it that the emulator ends; the answer is which. */
  #isUp({ poolId, nodeId }: JobNodeRecord): Promise<boolean> {
    return new Promise((resolve) => {
      const look = () => {
        const state = this.#world.nodes.get(poolId, nodeId)?.node.state;
        const isPassing = state !== undefined && PASSING.includes(state);
        if (isPassing && !this.#world.closed) return;
        this.#waiting.delete(look);
        resolve(state !== undefined && UP.includes(state) && !this.#world.closed);
      };
      this.#waiting.add(look);
      look();
    });
  }
}

const UP: readonly NodeState[] = ['idle', 'running', 'offline'];
const PASSING: readonly NodeState[] = [
  'creating',
  'starting',
  'rebooting',
  'reimaging',
  'waitingforstarttask',
];
