import { type CommandSpec, NodeCommand } from './node-command.ts';
import type { World } from './world.ts';

/** The commands that run on nodes beside the tasks in their slots, so that a node can be cleared of them. */
export class NodeCommands {
  readonly #world: World;
  /** Running commands, and the nodes they run on. */
  readonly #running = new Map<NodeCommand, string>();

  constructor(world: World) {
    this.#world = world;
  }

  start(spec: CommandSpec): NodeCommand {
    const command = new NodeCommand(this.#world, spec);
    this.#running.set(command, spec.facts.nodeId);
    const forget = () => {
      this.#running.delete(command);
    };
    command.ended.then(forget, forget);
    return command;
  }

  /** Kills all commands of a node. */
  async stopNode(nodeId: string): Promise<void> {
    const commands = [...this.#running].filter(([, place]) => place === nodeId);
    await Promise.all(commands.map(([command]) => command.stop()));
  }

  /** Kills all commands; for the end of the emulator. */
  async stopAll(): Promise<void> {
    await Promise.all([...this.#running.keys()].map((command) => command.stop()));
  }
}
