import type { DeallocationOption, NodeRecord, NodeState, Pool } from '../model/entities.ts';
import { bootNode, createNode, moveNode, scheduleNode, settleNode } from '../model/node.ts';
import type { PackageReference } from '../packages/application-catalog.ts';
import type { NodeCommands } from './node-commands.ts';
import { installPackages, PackageFault } from './packages.ts';
import { StartTaskRunner } from './start-task.ts';
import type { TaskControl } from './task-control.ts';
import type { DelayName, World } from './world.ts';

/** States in which a node's machine is replaced by an empty one. */
const LOSES_DISK: readonly NodeState[] = ['reimaging', 'preempted'];

/** Takes nodes through their lives: created, started, made ready by the start task, rebooted, removed. */
export class NodeControl {
  readonly #world: World;
  readonly #tasks: TaskControl;
  readonly #commands: NodeCommands;
  readonly #startTasks: StartTaskRunner;
  readonly #timers = new Map<string, () => void>();
  /** What is to happen to a node once its last task has left it. */
  readonly #whenEmpty = new Map<string, (record: NodeRecord) => void>();

  constructor(world: World, tasks: TaskControl, commands: NodeCommands) {
    this.#world = world;
    this.#tasks = tasks;
    this.#commands = commands;
    this.#startTasks = new StartTaskRunner(world, commands);
    world.events.on('taskLeftNode', ({ poolId, nodeId }) => this.#taskLeft(poolId, nodeId));
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
    } else if (state === 'reimaging') this.#restart(record, state, 'reimage', 'requeue');
    else if (state === 'preempted') this.#restart(record, state, 'reacquire', 'requeue');
    else if (state === 'waitingforstarttask') this.#booted(record);
    else if (state === 'leavingpool') this.#tryRemove(record);
    else this.#runAgain(record);
  }

  /** Runs the start task again that was under way beside other work. */
  #runAgain({ poolId, node: { id, startTask, startTaskInfo } }: NodeRecord): void {
    if (startTask === undefined || startTaskInfo?.state !== 'running') return;
    this.#world.guard(async () => {
      await this.#startTasks.run(poolId, id, startTask);
    });
  }

  /** Begins to take the node out of its pool. */
  leave(record: NodeRecord, how: DeallocationOption): void {
    if (record.node.state === 'leavingpool') return;
    this.#move(record, 'leavingpool');
    this.#world.guard(() => this.#startTasks.stop(record.node.id));
    if (how === 'requeue' || how === 'terminate') this.#tasks.clearNode(record.node.id, how);
    this.#arm(record, 'leave', (current) => this.#tryRemove(current));
  }

  /** Restarts the node. Tasks on it are requeued, ended, or waited for. */
  reboot(record: NodeRecord, how: DeallocationOption): void {
    this.#restart(record, 'rebooting', 'reboot', how);
  }

  /** Puts the node's system up anew: what it had on its disk is gone. */
  reimage(record: NodeRecord, how: DeallocationOption): void {
    this.#restart(record, 'reimaging', 'reimage', how);
  }

  /** Takes a low-priority node's machine away. Its tasks run again elsewhere, and it comes back empty. */
  preempt(record: NodeRecord): void {
    this.#restart(record, 'preempted', 'reacquire', 'requeue');
  }

  /** Opens the node for tasks, or closes it and deals with those on it. */
  setScheduling(record: NodeRecord, state: 'enabled' | 'disabled', how: DeallocationOption): void {
    const next = this.#world.nodes.put(scheduleNode(record, state, this.#world.clock.now()));
    if (state === 'disabled' && (how === 'requeue' || how === 'terminate')) {
      this.#tasks.clearNode(record.node.id, how);
    }
    if (next.node.state !== record.node.state) this.#changed(next);
    if (state === 'enabled') this.#world.events.emit('workPossible', { poolId: record.poolId });
  }

  #restart(record: NodeRecord, state: NodeState, delay: DelayName, how: DeallocationOption): void {
    if (how === 'taskcompletion' || how === 'retaineddata') {
      if (record.node.runningTasksCount > 0) {
        this.#whenEmpty.set(record.node.id, (current) => this.#restart(current, state, delay, 'requeue'));
        return;
      }
    } else this.#tasks.clearNode(record.node.id, how);
    const current = this.#world.nodes.get(record.poolId, record.node.id) ?? record;
    this.#move(current, state);
    // Nothing outlives a machine's going down: what prepares it for jobs is begun anew, as its start task is.
    this.#world.guard(() => this.#commands.stopNode(current.node.id));
    this.#arm(current, delay, (next) => this.#startAnew(next));
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
    if (record.node.state === 'leavingpool' && !this.#timers.has(nodeId)) this.#tryRemove(record);
    const next = this.#whenEmpty.get(nodeId);
    this.#whenEmpty.delete(nodeId);
    if (record.node.state !== 'leavingpool') next?.(record);
  }

  /** The node goes when its last task has gone. */
  #tryRemove(record: NodeRecord): void {
    if (record.node.runningTasksCount > 0) return;
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
  #arm(record: NodeRecord, delay: DelayName, action: (current: NodeRecord) => void): void {
    const { id } = record.node;
    this.#timers.get(id)?.();
    const cancel = this.#world.afterDelay(delay, () => {
      this.#timers.delete(id);
      const current = this.#world.nodes.get(record.poolId, id);
      if (current !== undefined) action(current);
    });
    this.#timers.set(id, cancel);
  }
}
