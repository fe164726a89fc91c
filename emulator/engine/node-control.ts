import type {
  DeallocationOption,
  NodeRecord,
  NodeState,
  PatientOption,
  Pool,
  Task,
} from '../model/entities.ts';
import { bootNode, createNode, moveNode, scheduleNode, settleNode } from '../model/node.ts';
import type { PackageReference } from '../packages/application-catalog.ts';
import type { NodeCommands } from './node-commands.ts';
import { installPackages, PackageFault } from './packages.ts';
import type { Retention } from './retention.ts';
import { StartTaskRunner } from './start-task.ts';
import type { TaskControl } from './task-control.ts';
import { DELAYS, type DelayName, type World } from './world.ts';

/** States in which a node's machine is replaced by an empty one. */
const LOSES_DISK: readonly NodeState[] = ['reimaging', 'preempted'];

/** How long it takes a node to come back from the states in which it restarts. */
const RESTARTS: Partial<Record<NodeState, DelayName>> = {
  rebooting: 'reboot',
  reimaging: 'reimage',
  preempted: 'reacquire',
};

/** Takes nodes through their lives: created, started, made ready by the start task, rebooted, removed. */
export class NodeControl {
  readonly #world: World;
  readonly #tasks: TaskControl;
  readonly #commands: NodeCommands;
  readonly #retention: Retention;
  readonly #startTasks: StartTaskRunner;
  readonly #timers = new Map<string, () => void>();
  /** What is to happen to a node once its last task has left it. */
  readonly #whenEmpty = new Map<string, (record: NodeRecord) => void>();

  constructor(world: World, tasks: TaskControl, commands: NodeCommands, retention: Retention) {
    this.#world = world;
    this.#tasks = tasks;
    this.#commands = commands;
    this.#retention = retention;
    this.#startTasks = new StartTaskRunner(world, commands);
    world.events.on('taskLeftNode', ({ poolId, nodeId }) => this.#taskLeft(poolId, nodeId));
    world.events.on('taskRemoved', ({ task }) => this.#dataGone(task));
  }

  create(pool: Pool, isDedicated: boolean): NodeRecord {
    let index = 0;
    for (const each of this.#world.nodes.inPool(pool.id)) index = Math.max(index, each.index + 1);
    const record = createNode(pool, index, isDedicated, this.#world.clock.now());
    this.#world.nodes.put(record);
    this.#arm(record, 'create', (current) => this.#start(current));
    return record;
  }

  /** Takes up again where the emulator left off. */
  resume(record: NodeRecord): void {
    const { state } = record.node;
    if (state === 'creating') this.#arm(record, 'create', (current) => this.#start(current));
    else if (state === 'starting' || state === 'rebooting') {
      this.#arm(record, 'start', (current) => this.#booted(current));
    } else if (state === 'reimaging' || state === 'preempted') this.#restart(record, state, 'requeue');
    else if (state === 'waitingforstarttask') this.#booted(record);
    else {
      if (state !== 'leavingpool') this.#runAgain(record);
      this.#goOn(record);
    }
  }

  /** Goes on with what waited for the node's tasks, or for their data. */
  #goOn(record: NodeRecord): void {
    if (record.node.state === 'leavingpool') this.#tryRemove(record);
    else if (record.awaits !== undefined) this.#restart(record, record.awaits.state, record.awaits.how);
  }

  /** Runs the start task again that was under way beside other work. */
  #runAgain({ poolId, node: { id, startTask, startTaskInfo } }: NodeRecord): void {
    if (startTask === undefined || startTaskInfo?.state !== 'running') return;
    this.#world.guard(async () => {
      await this.#startTasks.run(poolId, id, startTask);
    });
  }

  /** Begins to take the node out of its pool, or goes on with it in less patience. */
  leave(record: NodeRecord, how: DeallocationOption): void {
    const awaits = isPatient(how) ? { state: 'leavingpool' as const, how } : undefined;
    if (record.node.state === 'leavingpool' && (awaits !== undefined || record.awaits === undefined)) return;
    this.#move({ ...record, awaits }, 'leavingpool');
    this.#world.guard(() => this.#startTasks.stop(record.node.id));
    if (!isPatient(how)) this.#tasks.clearNode(record.node.id, how);
    this.#arm(record, 'leave', (current) => this.#tryRemove(current));
  }

  /** Restarts the node. Tasks on it are requeued, ended, or waited for. */
  reboot(record: NodeRecord, how: DeallocationOption): void {
    this.#restart(record, 'rebooting', how);
  }

  /** Puts the node's system up anew: what it had on its disk is gone. */
  reimage(record: NodeRecord, how: DeallocationOption): void {
    this.#restart(record, 'reimaging', how);
  }

  /** Takes a low-priority node's machine away. Its tasks run again elsewhere, and it comes back empty. */
  preempt(record: NodeRecord): void {
    this.#restart(record, 'preempted', 'requeue');
  }

  /** Opens the node for tasks, or closes it and deals with those on it. */
  setScheduling(record: NodeRecord, state: 'enabled' | 'disabled', how: DeallocationOption): void {
    const next = this.#world.nodes.put(scheduleNode(record, state, this.#world.clock.now()));
    if (state === 'disabled' && !isPatient(how)) this.#tasks.clearNode(record.node.id, how);
    if (next.node.state !== record.node.state) this.#changed(next);
    if (state === 'enabled') this.#world.events.emit('workPossible', { poolId: record.poolId });
  }

  #restart(record: NodeRecord, state: NodeState, how: DeallocationOption): void {
    if (!isPatient(how)) this.#tasks.clearNode(record.node.id, how);
    else if (this.#mustWait(record, how)) {
      this.#world.nodes.put({ ...record, awaits: { state, how } });
      return;
    }
    const { awaits: _over, ...current } = this.#world.nodes.get(record.poolId, record.node.id) ?? record;
    this.#move(current, state);
    // Nothing outlives a machine's going down: what prepares it for jobs is begun anew, as its start task is.
    this.#world.guard(() => this.#commands.stopNode(current.node.id));
    this.#arm(current, RESTARTS[state] ?? 'reboot', (next) => this.#startAnew(next));
  }

  /** Whether the node still has what is to be waited for. Of data it is known when it will be gone. */
  #mustWait(
    { poolId, node: { id, runningTasksCount } }: NodeRecord,
    how: PatientOption | undefined,
  ): boolean {
    if (runningTasksCount > 0) return true;
    const expiry = how === 'retaineddata' ? this.#retention.nextOn(id) : undefined;
    if (expiry === undefined) return false;
    const left = (expiry - this.#world.clock.now()) / 1000;
    this.#wakeAfter(poolId, id, left + 1, (current) => this.#goOn(current));
    return true;
  }

  /** Whoever waits for data need not wait for what clients remove. */
  #dataGone({ nodeInfo }: Task): void {
    const { poolId, nodeId } = nodeInfo ?? {};
    if (poolId === undefined || nodeId === undefined) return;
    if (this.#world.nodes.get(poolId, nodeId)?.awaits?.how !== 'retaineddata') return;
    this.#wakeAfter(poolId, nodeId, 0, (current) => this.#goOn(current));
  }

  /** Starts a node that went down, once all that ran on it has ended. */
  #startAnew(record: NodeRecord): void {
    const { id, state, runningTasksCount } = record.node;
    if (runningTasksCount > 0) {
      this.#whenEmpty.set(id, (current) => this.#startAnew(current));
      return;
    }
    this.#world.guard(async () => {
      await this.#commands.clearNode(id);
      if (LOSES_DISK.includes(state)) await this.#world.directoriesOf(id).remove();
      const latest = this.#world.nodes.get(record.poolId, id);
      if (latest?.node.state !== state) return;
      this.#start(LOSES_DISK.includes(state) ? { ...latest, users: undefined } : latest);
    });
  }

  #start(record: NodeRecord): void {
    const starting = this.#move(record, 'starting');
    this.#arm(starting, 'start', (current) => this.#booted(current));
  }

  #booted(record: NodeRecord): void {
    const pool = this.#world.pools.get(record.poolId)?.pool;
    const startTask = pool?.startTask;
    const booted = bootNode(record, pool, this.#world.clock.now());
    this.#world.nodes.put(booted);
    this.#world.guard(async () => {
      const directories = this.#world.directoriesOf(record.node.id);
      const isGone = () => this.#world.nodes.get(record.poolId, record.node.id) === undefined;
      await directories.create().catch((error: unknown) => {
        // One that is taken away meanwhile loses its directories while they are being made.
        if (!isGone()) throw error;
      });
      if (isGone()) {
        await directories.remove();
        return;
      }
      if (!(await this.#unpack(record, pool?.applicationPackageReferences ?? []))) return;
      if (startTask === undefined) {
        this.#ready(record.poolId, record.node.id, ['starting', 'rebooting', 'reimaging']);
        return;
      }
      const waits = startTask.waitForSuccess !== false;
      const current = this.#world.nodes.get(record.poolId, record.node.id);
      if (current === undefined || current.node.state === 'leavingpool') return;
      if (waits) this.#move(current, 'waitingforstarttask');
      else this.#ready(record.poolId, record.node.id, ['starting', 'rebooting', 'reimaging']);
      const succeeded = await this.#startTasks.run(record.poolId, record.node.id, startTask);
      // One that was cut off because the emulator ends has not failed: it runs again at the next start.
      if (!waits || this.#world.closed) return;
      if (succeeded) this.#ready(record.poolId, record.node.id, ['waitingforstarttask']);
      else this.#fail(record.poolId, record.node.id);
    });
  }

  /** Puts the pool's packages on the node. One that cannot be had makes the node unusable. */
  async #unpack(record: NodeRecord, references: readonly PackageReference[]): Promise<boolean> {
    const { poolId, node } = record;
    try {
      const packages = await installPackages(this.#world, node.id, references);
      const current = this.#world.nodes.get(poolId, node.id);
      if (current !== undefined) this.#world.nodes.put({ ...current, packages });
      return true;
    } catch (fault) {
      if (!(fault instanceof PackageFault)) throw fault;
      const current = this.#world.nodes.get(poolId, node.id);
      if (current === undefined || current.node.state === 'leavingpool') return false;
      const { code, message, details } = fault.failure;
      const errors = [{ code, message, errorDetails: details }];
      this.#move({ ...current, node: { ...current.node, errors } }, 'unusable');
      return false;
    }
  }

  #ready(poolId: string, nodeId: string, from: readonly NodeState[]): void {
    const record = this.#world.nodes.get(poolId, nodeId);
    if (record === undefined || !from.includes(record.node.state)) return;
    const now = this.#world.clock.now();
    const ready = this.#world.nodes.put(settleNode(moveNode(record, 'idle', now), now));
    this.#changed(ready);
    this.#world.events.emit('workPossible', { poolId });
  }

  #fail(poolId: string, nodeId: string): void {
    const record = this.#world.nodes.get(poolId, nodeId);
    if (record?.node.state === 'waitingforstarttask') this.#move(record, 'starttaskfailed');
  }

  #taskLeft(poolId: string, nodeId: string): void {
    const record = this.#world.nodes.get(poolId, nodeId);
    if (record === undefined || record.node.runningTasksCount > 0) return;
    const next = this.#whenEmpty.get(nodeId);
    this.#whenEmpty.delete(nodeId);
    if (record.node.state === 'leavingpool') {
      if (!this.#timers.has(nodeId)) this.#tryRemove(record);
    } else if (record.awaits !== undefined) this.#goOn(record);
    else next?.(record);
  }

  /** The node goes when its last task has gone and, if that was asked for, the last task's data. */
  #tryRemove(record: NodeRecord): void {
    if (this.#mustWait(record, record.awaits?.how)) return;
    this.#world.nodes.remove(record);
    this.#world.events.emit('nodeRemoved', { record });
    this.#changed(record);
    this.#world.guard(async () => {
      await this.#commands.clearNode(record.node.id);
      await this.#world.directoriesOf(record.node.id).remove();
    });
  }

  #move(record: NodeRecord, state: NodeState): NodeRecord {
    const moved = this.#world.nodes.put(moveNode(record, state, this.#world.clock.now()));
    this.#changed(moved);
    return moved;
  }

  #changed(record: NodeRecord): void {
    this.#world.events.emit('nodeChanged', { poolId: record.poolId, nodeId: record.node.id });
  }

  /** Calls `action` with the node as it then is, after a delay; replaces what the node was waiting for. */
  #arm({ poolId, node }: NodeRecord, delay: DelayName, action: (current: NodeRecord) => void): void {
    this.#wakeAfter(poolId, node.id, DELAYS[delay] / this.#world.options.speed, action);
  }

  #wakeAfter(poolId: string, id: string, milliseconds: number, action: (current: NodeRecord) => void): void {
    this.#timers.get(id)?.();
    const cancel = this.#world.after(milliseconds, () => {
      this.#timers.delete(id);
      const current = this.#world.nodes.get(poolId, id);
      if (current !== undefined) action(current);
    });
    this.#timers.set(id, cancel);
  }
}

function isPatient(how: DeallocationOption): how is PatientOption {
  return how === 'taskcompletion' || how === 'retaineddata';
}
