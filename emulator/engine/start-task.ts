import type { StartTask, StartTaskInformation } from '../model/entities.ts';
import { withStartTaskInfo } from '../model/node.ts';
import type { NodeCommand } from './node-command.ts';
import type { NodeCommands } from './node-commands.ts';
import type { World } from './world.ts';

/** Runs pools' start tasks on nodes that have just booted. */
export class StartTaskRunner {
  readonly #world: World;
  readonly #commands: NodeCommands;
  readonly #runs = new Map<string, NodeCommand>();

  constructor(world: World, commands: NodeCommands) {
    this.#world = world;
    this.#commands = commands;
  }

  /** Runs the start task, with its retries. The answer is whether it succeeded. */
  async run(poolId: string, nodeId: string, startTask: StartTask): Promise<boolean> {
    const directories = this.#world.directoriesOf(nodeId);
    const command = this.#commands.start({
      commandLine: startTask.commandLine,
      resourceFiles: startTask.resourceFiles,
      maxTaskRetryCount: startTask.maxTaskRetryCount ?? 0,
      facts: {
        poolId,
        nodeId,
        isDedicated: this.#world.nodes.get(poolId, nodeId)?.node.isDedicated ?? true,
        node: directories,
        task: directories.startTask,
        environmentSettings: startTask.environmentSettings,
      },
      show: (info) => this.#show(poolId, nodeId, info),
    });
    this.#runs.set(nodeId, command);
    try {
      return (await command.ended)?.result === 'success';
    } finally {
      if (this.#runs.get(nodeId) === command) this.#runs.delete(nodeId);
    }
  }

  /** Kills the node's start task, if one runs. */
  async stop(nodeId: string): Promise<void> {
    await this.#runs.get(nodeId)?.stop();
  }

  #show(poolId: string, nodeId: string, info: StartTaskInformation): void {
    const record = this.#world.nodes.get(poolId, nodeId);
    if (record !== undefined) this.#world.nodes.put(withStartTaskInfo(record, info));
  }
}
