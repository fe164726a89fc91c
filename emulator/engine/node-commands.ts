import { killProcessesOn } from '../runner/index.ts';
import { type CommandSpec, NodeCommand } from './node-command.ts';
import type { World } from './world.ts';

/** The commands that run on nodes beside the tasks in their slots, so that a node can be cleared of them. */
export class NodeCommands {
  readonly #world: World;
  /** Running commands, and the nodes they run on. */
  readonly #running = new Map<NodeCommand, string>();
  /** Root directories of nodes to be cleared by the next look at the machine's processes. */
  readonly #roots: string[] = [];
  #clearing: Promise<void> = Promise.resolve();
  #nextClearing: Promise<void> | undefined;

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

  /**
   * Kills all that is left on a node whose tasks have ended: its commands, and what tasks left behind in sessions of its
   * own, as daemons do, which lives as long as the machine is up.
   */
  async clearNode(nodeId: string): Promise<void> {
    await this.stopNode(nodeId);
    this.#roots.push(this.#world.directoriesOf(nodeId).root);
    // A look takes a while where many processes run: nodes that go together share one.
    this.#nextClearing ??= this.#clearing.then(() => {
      this.#nextClearing = undefined;
      this.#clearing = killProcessesOn(this.#roots.splice(0));
      return this.#clearing;
    });
    await this.#nextClearing;
  }

  /** Kills all commands; for the end of the emulator. */
  async stopAll(): Promise<void> {
    await Promise.all([...this.#running.keys()].map((command) => command.stop()));
  }
}
