import { join } from 'node:path';
import type { JobRecord, NodeRecord, Subtask, Task } from '../model/entities.ts';
import { completeSubtask, createSubtask, runSubtask } from '../model/subtask.ts';
import type { MultiInstanceFacts, ProcessExit, TaskDirectory } from '../runner/index.ts';
import { type Lasting, launchLasting } from './launch.ts';
import { placeCertificates } from './node-certificates.ts';
import { installPackages, packageFacts } from './packages.ts';
import { fetchResourceFiles } from './resource-files.ts';
import type { TaskLedger } from './task-ledger.ts';
import { shownDirectory } from './windows-pools.ts';
import type { World } from './world.ts';

/**
 * The instances of a multi-instance task, one a node. Before the task's own command runs on the first node, the
 * coordination command is run on all of them; what it leaves running there lives as long as the task.
 * @see https://learn.microsoft.com/azure/batch/batch-mpi
 */
export class InstanceGroup {
  readonly #world: World;
  readonly #ledger: TaskLedger;
  readonly #job: JobRecord;
  readonly #task: Task;
  readonly #nodes: readonly NodeRecord[];
  readonly #commands = new Map<number, Lasting>();
  #subtasks: readonly Subtask[] = [];
  #stopped = false;

  /** @param nodes the first one is the primary's. */
  constructor(world: World, ledger: TaskLedger, job: JobRecord, task: Task, nodes: readonly NodeRecord[]) {
    this.#world = world;
    this.#ledger = ledger;
    this.#job = job;
    this.#task = task;
    this.#nodes = nodes;
  }

  /** What the environment of an instance tells of the others; the primary's number is 0. */
  factsOf(instance: number): MultiInstanceFacts {
    return {
      addresses: this.#nodes.map(({ node }) => node.ipAddress),
      isMaster: instance === 0,
      // All nodes are on this machine, so that the same path can be the same directory too.
      sharedDirectory: this.#directory(0).root,
    };
  }

  /** Fetches the common files to all nodes, into the directory above the working directory. @throws ResourceFault */
  async supply(signal: AbortSignal): Promise<void> {
    const files = this.#task.multiInstanceSettings?.commonResourceFiles;
    await Promise.all(
      this.#nodes.map(async ({ node }, instance) => {
        const directory = this.#directory(instance);
        const directories = this.#world.directoriesOf(node.id);
        await directories.createTask(directory);
        const place = { directory: directory.root, arrivals: directories.volatile };
        await fetchResourceFiles(this.#world, files, place, signal);
      }),
    );
  }

  /**
   * Runs the coordination command on all nodes. Resolves when it has succeeded everywhere, or with the first
   * failure once all others are ended. @throws PackageFault
   */
  async coordinate(): Promise<ProcessExit | undefined> {
    this.#stopped = false;
    const now = this.#world.clock.now();
    this.#subtasks = this.#nodes.slice(1).map(({ poolId, node }, index) => {
      const { relative } = this.#directory(index + 1);
      const taskRootDirectory = shownDirectory(this.#world, poolId, relative);
      const place = { affinityId: node.affinityId, poolId, nodeId: node.id, taskRootDirectory };
      return createSubtask(index + 1, place, now);
    });
    this.#show();
    let failure: ProcessExit | undefined;
    await Promise.all(
      this.#nodes.map(async (_node, instance) => {
        const exit = await this.#run(instance);
        if (exit === undefined || isSuccess(exit)) return;
        failure ??= exit;
        await this.stop();
      }),
    );
    return failure;
  }

  /** Ends what the coordination commands are or have left running. */
  async stop(): Promise<void> {
    this.#stopped = true;
    await Promise.all([...this.#commands.values()].map((command) => command.stop()));
    this.#commands.clear();
    const now = this.#world.clock.now();
    this.#subtasks = this.#subtasks.map((subtask) => completeSubtask(subtask, undefined, now));
    this.#show();
  }

  /** Runs the command on one node; undefined when it was stopped. */
  async #run(instance: number): Promise<ProcessExit | undefined> {
    const record = this.#nodes[instance];
    const settings = this.#task.multiInstanceSettings;
    if (record === undefined || settings === undefined) return undefined;
    const { poolId, node } = record;
    const directories = this.#world.directoriesOf(node.id);
    const directory = this.#directory(instance);
    await directories.createTask(directory);
    const place = { poolId, nodeId: node.id, jobId: this.#job.job.id, task: directory };
    await placeCertificates(this.#world, place);
    const references = this.#task.applicationPackageReferences ?? [];
    const packages = await installPackages(this.#world, node.id, references);
    if (this.#stopped) return undefined;
    this.#change(instance, (subtask) => runSubtask(subtask, this.#world.clock.now()));
    const command = launchLasting(this.#world, settings.coordinationCommandLine, {
      poolId,
      nodeId: node.id,
      isDedicated: node.isDedicated,
      node: directories,
      task: instance === 0 ? apart(directory) : directory,
      jobId: this.#job.job.id,
      taskId: this.#task.id,
      multiInstance: this.factsOf(instance),
      applicationPackages: packageFacts(this.#world, node.id, packages),
      commonEnvironmentSettings: this.#job.job.commonEnvironmentSettings,
      environmentSettings: this.#task.environmentSettings,
    });
    this.#commands.set(instance, command);
    const exit = await command.exited;
    if (this.#stopped) return undefined;
    this.#change(instance, (subtask) => completeSubtask(subtask, exit, this.#world.clock.now()));
    return exit;
  }

  #directory(instance: number): TaskDirectory {
    const nodeId = this.#nodes[instance]?.node.id ?? '';
    const directories = this.#world.directoriesOf(nodeId);
    const jobId = this.#job.job.id;
    if (instance === 0) return directories.task(jobId, this.#task.id);
    return directories.subtask(jobId, this.#task.id, instance);
  }

  #change(id: number, change: (subtask: Subtask) => Subtask): void {
    this.#subtasks = this.#subtasks.map((subtask) => (subtask.id === id ? change(subtask) : subtask));
    this.#show();
  }

  /** Keeps the task's subtasks what they are here, unless it has begun anew elsewhere. */
  #show(): void {
    if (this.#world.closed) return;
    const record = this.#ledger.get(this.#job, this.#task.id);
    if (record?.task.nodeInfo?.nodeId !== this.#nodes[0]?.node.id || record === undefined) return;
    if (record.task.creationTime !== this.#task.creationTime) return;
    this.#ledger.replace(this.#job, record, { ...record, subtasks: this.#subtasks });
  }
}

function isSuccess(exit: ProcessExit): boolean {
  return exit.kind === 'exited' && exit.exitCode === 0;
}

/** On the primary's node the task's own command has the usual files. */
function apart(directory: TaskDirectory): TaskDirectory {
  return {
    ...directory,
    stdout: join(directory.root, 'coordination-stdout.txt'),
    stderr: join(directory.root, 'coordination-stderr.txt'),
  };
}
