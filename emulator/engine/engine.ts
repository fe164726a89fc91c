import { mkdir, rm } from 'node:fs/promises';
import { emptyNode } from '../model/node.ts';
import { killProcessesOn, reapOrphans, trashDirectory } from '../runner/index.ts';
import { AutoPools } from './auto-pools.ts';
import { AutoscaleControl } from './autoscale-control.ts';
import { CertificateControl } from './certificate-control.ts';
import { TaskExecutor } from './executor.ts';
import { JobControl } from './job-control.ts';
import { JobPreparation } from './job-preparation.ts';
import { JobRelease } from './job-release.ts';
import { NodeCommands } from './node-commands.ts';
import { NodeControl } from './node-control.ts';
import { PoolControl } from './pool-control.ts';
import { Retention } from './retention.ts';
import { ScheduleControl } from './schedule-control.ts';
import { Scheduler } from './scheduler.ts';
import { Statistics } from './statistics.ts';
import { TaskControl } from './task-control.ts';
import { TaskLedger } from './task-ledger.ts';
import { World, type WorldOptions } from './world.ts';

/** The Batch service behind the HTTP surface: its records and everything that happens to them. */
export class Engine {
  readonly world: World;
  readonly ledger: TaskLedger;
  readonly tasks: TaskControl;
  readonly nodes: NodeControl;
  readonly pools: PoolControl;
  readonly autoscale: AutoscaleControl;
  readonly statistics: Statistics;
  readonly certificates: CertificateControl;
  readonly jobs: JobControl;
  readonly schedules: ScheduleControl;
  readonly #executor: TaskExecutor;
  readonly #commands: NodeCommands;
  readonly #retention: Retention;

  private constructor(options: WorldOptions) {
    this.world = new World(options);
    this.statistics = new Statistics(this.world);
    this.certificates = new CertificateControl(this.world);
    this.#retention = new Retention(this.world);
    this.ledger = new TaskLedger(this.world);
    this.#commands = new NodeCommands(this.world);
    const preparation = new JobPreparation(this.world, this.#commands);
    this.#executor = new TaskExecutor(this.world, this.ledger, preparation);
    new Scheduler(this.world, this.#executor, preparation);
    this.tasks = new TaskControl(this.world, this.ledger, this.#executor);
    this.nodes = new NodeControl(this.world, this.tasks, this.#commands, this.#retention);
    this.pools = new PoolControl(this.world, this.nodes);
    this.autoscale = new AutoscaleControl(this.world, this.pools);
    const { world, tasks, ledger } = this;
    const autoPools = new AutoPools(world, this.pools);
    const release = new JobRelease(world, this.#commands, this.#executor, preparation);
    this.jobs = new JobControl(world, { tasks, ledger, autoPools, release });
    this.schedules = new ScheduleControl(world, this.jobs, autoPools);
  }

  /** Opens the records, kills what an earlier run left behind, and takes up where it left off. */
  static async start(options: WorldOptions): Promise<Engine> {
    const engine = new Engine(options);
    const { world } = engine;
    await mkdir(world.nodesDirectory, { recursive: true });
    await reapOrphans(world.processesDirectory, world.nodesDirectory);
    await mkdir(options.processNotes, { recursive: true });
    await rm(trashDirectory(world.nodesDirectory), { recursive: true, force: true });
    engine.#requeueLost();
    engine.#retention.resume();
    engine.jobs.resume();
    engine.schedules.resume();
    engine.pools.resume();
    engine.autoscale.resume();
    engine.certificates.resume();
    for (const { pool } of world.pools.all()) world.events.emit('workPossible', { poolId: pool.id });
    await world.database.committed();
    return engine;
  }

  /** Tasks that ran when the emulator died are treated like tasks of a lost node: they run again. */
  #requeueLost(): void {
    for (const record of [...this.world.nodes.all()]) {
      const emptied = emptyNode(record, this.world.clock.now());
      if (emptied !== record) this.world.nodes.put(emptied);
    }
    for (const job of this.world.jobs.all()) {
      for (const task of this.tasks.running(job)) {
        if (job.job.state === 'terminating' || job.job.state === 'deleting') this.tasks.end(job, task);
        else this.ledger.requeue(job, task);
      }
    }
  }

  /** Kills all tasks and closes the records. */
  async close(): Promise<void> {
    this.world.close();
    await Promise.all([this.#executor.stopAll(), this.#commands.stopAll()]);
    await killProcessesOn([this.world.nodesDirectory]);
    await this.world.idle();
    await this.world.database.close();
  }
}
