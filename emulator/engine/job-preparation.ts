import { toTimestamp } from '../clock.ts';
import { parseDuration, UNLIMITED_MS } from '../duration.ts';
import type { JobRecord, NodeRecord } from '../model/entities.ts';
import { afterReboot, afterReimage, type JobNodeRecord, readinessOf } from '../model/job-node.ts';
import type { JobPreparationTask } from '../model/job-parts.ts';
import { preparationId } from '../model/job-tasks.ts';
import { ENDED_BY_USER } from '../model/task.ts';
import type { CommandInformation, NodeCommand } from './node-command.ts';
import type { NodeCommands } from './node-commands.ts';
import type { World } from './world.ts';

/**
 * Runs jobs' preparation tasks: on a node once before the job's first task there, and again after a reboot. A
 * node on which it failed gets no more tasks of the job.
 * @see https://learn.microsoft.com/azure/batch/batch-job-prep-release
 */
export class JobPreparation {
  readonly #world: World;
  readonly #commands: NodeCommands;
  readonly #runs = new Map<string, NodeCommand>();

  constructor(world: World, commands: NodeCommands) {
    this.#world = world;
    this.#commands = commands;
    world.events.on('nodeChanged', ({ poolId, nodeId }) => this.#nodeChanged(poolId, nodeId));
  }

  /** Whether tasks of the job may be given to the node. */
  admits({ job, number }: JobRecord, nodeId: string): boolean {
    if (!waitsForSuccess(job.jobPreparationTask)) return true;
    return readinessOf(this.#world.jobNodes.get(number, nodeId)) !== 'failed';
  }

  /** Whether a task given to the node has to wait there before it runs. */
  mustWait({ job, number }: JobRecord, nodeId: string): boolean {
    if (!waitsForSuccess(job.jobPreparationTask)) return false;
    return readinessOf(this.#world.jobNodes.get(number, nodeId)) !== 'ready';
  }

  /** Prepares the node for the job, unless it is. The answer is whether the job's tasks may run there. */
  async prepare(job: JobRecord, node: NodeRecord): Promise<boolean> {
    const task = job.job.jobPreparationTask;
    if (task === undefined) return true;
    const readiness = readinessOf(this.#world.jobNodes.get(job.number, node.node.id));
    const run = this.#runs.get(runKey(job.number, node.node.id));
    // One that is said to run and does not was cut off when the emulator died.
    const needed = run === undefined && (readiness === 'needed' || readiness === 'running');
    const current = needed ? this.#start(job, node, task) : run;
    if (!waitsForSuccess(task)) return true;
    return current === undefined ? readiness === 'ready' : (await current.ended)?.result === 'success';
  }

  /** Ends the job's preparation wherever it still runs. */
  async stopJob({ number }: JobRecord): Promise<void> {
    const running = this.#world.jobNodes
      .ofJob(number)
      .filter((record) => this.#runs.has(runKey(number, record.nodeId)));
    await Promise.all(
      running.map(async ({ nodeId }) => {
        await this.#runs.get(runKey(number, nodeId))?.stop();
        if (this.#world.closed) return;
        const record = this.#world.jobNodes.get(number, nodeId);
        if (record?.preparation?.state === 'running') this.#world.jobNodes.put(this.#ended(record));
      }),
    );
  }

  #ended(record: JobNodeRecord): JobNodeRecord {
    const preparation = {
      ...(record.preparation as CommandInformation),
      state: 'completed' as const,
      endTime: toTimestamp(this.#world.clock.now()),
      failureInfo: ENDED_BY_USER,
      result: 'failure' as const,
    };
    return { ...record, preparation };
  }

  #start(job: JobRecord, node: NodeRecord, task: JobPreparationTask): NodeCommand {
    const { number } = job;
    const { id: nodeId, isDedicated } = node.node;
    const key = runKey(number, nodeId);
    const directories = this.#world.directoriesOf(nodeId);
    const command = this.#commands.start({
      commandLine: task.commandLine,
      resourceFiles: task.resourceFiles,
      maxTaskRetryCount: task.constraints?.maxTaskRetryCount ?? 0,
      limit: limitOf(task.constraints?.maxWallClockTime),
      facts: {
        poolId: node.poolId,
        nodeId,
        isDedicated,
        node: directories,
        task: directories.task(job.job.id, preparationId(task)),
        jobId: job.job.id,
        taskId: preparationId(task),
        commonEnvironmentSettings: job.job.commonEnvironmentSettings,
        environmentSettings: task.environmentSettings,
      },
      show: (preparation) => {
        this.#world.jobNodes.put({
          jobNumber: number,
          jobId: job.job.id,
          poolId: node.poolId,
          nodeId,
          preparation,
        });
      },
    });
    this.#runs.set(key, command);
    this.#world.guard(async () => {
      try {
        await command.ended;
      } finally {
        if (this.#runs.get(key) === command) this.#runs.delete(key);
      }
    });
    return command;
  }

  #nodeChanged(poolId: string, nodeId: string): void {
    const state = this.#world.nodes.get(poolId, nodeId)?.node.state;
    if (state !== 'rebooting' && state !== 'reimaging' && state !== 'preempted') return;
    for (const record of this.#world.jobNodes.ofNode(nodeId)) {
      const task = this.#world.jobs.get(record.jobId)?.job.jobPreparationTask;
      const rerun = task?.rerunOnNodeRebootAfterSuccess !== false;
      const after = state === 'rebooting' ? afterReboot(record, rerun) : afterReimage(record);
      if (after !== record) this.#world.jobNodes.put(after);
    }
  }
}

function waitsForSuccess(task: JobPreparationTask | undefined): boolean {
  return task !== undefined && task.waitForSuccess !== false;
}

/** A time limit in milliseconds; undefined when there is none. */
export function limitOf(duration: string | undefined): number | undefined {
  const limit = duration === undefined ? undefined : parseDuration(duration);
  return limit === undefined || limit >= UNLIMITED_MS ? undefined : limit;
}

function runKey(jobNumber: number, nodeId: string): string {
  return `${jobNumber}/${nodeId}`;
}
