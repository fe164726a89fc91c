import { join } from 'node:path';
import { CertificateFiles } from '../certificates/certificate-files.ts';
import type { Clock } from '../clock.ts';
import type { Certificate, JobRecord, PoolRecord } from '../model/entities.ts';
import type { JobScheduleRecord } from '../model/job-schedule.ts';
import type { PoolDefinition } from '../model/pool.ts';
import type { ApplicationCatalog } from '../packages/application-catalog.ts';
import { NodeDirectories } from '../runner/index.ts';
import type { AutoStorage } from '../storage/auto-storage.ts';
import type { Database } from '../store/database.ts';
import { JobNodeStore } from '../store/job-node-store.ts';
import { Mirror } from '../store/mirror.ts';
import { NodeStore } from '../store/node-store.ts';
import { TaskStore } from '../store/task-store.ts';
import { EventBus } from './events.ts';

/**
 * How long the things take that nothing really does here, in milliseconds at speed 1. Long enough to be seen
 * on a screen, short enough not to be waited for.
 */
export const DELAYS = {
  /** From a resize to the first change of a node. */
  allocate: 800,
  create: 1_000,
  start: 1_500,
  leave: 700,
  stopResize: 400,
  reboot: 1_500,
  reimage: 2_000,
  deleteCertificate: 500,
  /** From the preemption of a low-priority node to the moment that a machine can be had again. */
  reacquire: 5_000,
  /** From a task's becoming active to its start: clients that add a task and get it at once see it active. */
  schedule: 500,
  disableJob: 300,
  /** From the moment at which a job is to end with its tasks, and has none left, to its end. */
  noticeIdleJob: 3_000,
  terminateJob: 500,
  createAccount: 4_000,
  deleteAccount: 2_000,
} as const;

export type DelayName = keyof typeof DELAYS;

/** Limits of the account; beyond them adds and resizes are refused as on the service. */
export interface Quotas {
  readonly dedicatedCores: number;
  readonly lowPriorityCores: number;
  readonly pools: number;
  readonly activeJobsAndSchedules: number;
  /** Nodes that the emulator is willing to have at a time, over all pools. */
  readonly nodes: number;
}

export interface WorldOptions {
  readonly database: Database;
  readonly applications: ApplicationCatalog;
  readonly clock: Clock;
  /** Directory for nodes and the notes about their processes. */
  readonly directory: string;
  /** Directory, below `directory`/processes, of the notes that this run of the program makes. */
  readonly processNotes: string;
  readonly account: string;
  /** The address of this service as its own nodes see it. Known once the server listens. */
  readonly accountUrl: () => string;
  /** Divides every simulated delay. */
  readonly speed: number;
  readonly quotas: Quotas;
  /** Makes the token by which a task may act on its own job. */
  readonly taskToken: (scope: { jobId: string; jobNumber: number }) => string;
  /** Throws the BatchFault that is the answer to a client who defines such a pool. */
  readonly checkPool: (definition: PoolDefinition) => void;
  /** The storage account linked to the Batch account, if one is. */
  readonly autoStorage?: AutoStorage | undefined;
  /** Milliseconds without a byte after which a download or an upload is given up. */
  readonly transferIdleMs: number;
  /** Most bytes that a task may write to its outputs, stdout and stderr together. */
  readonly outputBytes: number;
  /** Takes what went wrong inside and is nobody's fault who is asking. */
  readonly reportProblem: (problem: unknown) => void;
}

/** What all parts of the engine share: the records, the time, the directories, and word of each other. */
export class World {
  readonly options: WorldOptions;
  readonly database: Database;
  readonly applications: ApplicationCatalog;
  readonly certificateFiles: CertificateFiles;
  readonly clock: Clock;
  readonly events = new EventBus();
  readonly pools: Mirror<PoolRecord>;
  readonly nodes: NodeStore;
  readonly jobs: Mirror<JobRecord>;
  readonly schedules: Mirror<JobScheduleRecord>;
  readonly certificates: Mirror<Certificate>;
  /** How preparation and release tasks fared. */
  readonly jobNodes: JobNodeStore;
  readonly tasks: TaskStore;
  readonly #pending = new Set<() => void>();
  /** What runs and nobody waits for. */
  readonly #underWay = new Set<Promise<void>>();
  readonly #closing = new AbortController();

  constructor(options: WorldOptions) {
    this.options = options;
    this.database = options.database;
    this.applications = options.applications;
    this.certificateFiles = new CertificateFiles(join(options.directory, 'certificates'));
    this.clock = options.clock;
    this.pools = new Mirror(options.database, 'pools', (record) => record.pool.id);
    this.nodes = new NodeStore(options.database);
    this.jobs = new Mirror(options.database, 'jobs', (record) => record.job.id);
    this.schedules = new Mirror(options.database, 'jobschedules', (record) => record.schedule.id);
    this.certificates = new Mirror(options.database, 'certificates', ({ thumbprint }) => thumbprint);
    this.jobNodes = new JobNodeStore(options.database);
    this.tasks = new TaskStore(options.database);
  }

  get closed(): boolean {
    return this.#closing.signal.aborted;
  }

  /** Aborted when the world is closed. */
  get closing(): AbortSignal {
    return this.#closing.signal;
  }

  /** Directory of all nodes' directories. */
  get nodesDirectory(): string {
    return join(this.options.directory, 'nodes');
  }

  /** Directory of the notes about running processes, those of earlier runs included. */
  get processesDirectory(): string {
    return join(this.options.directory, 'processes');
  }

  directoriesOf(nodeId: string): NodeDirectories {
    return new NodeDirectories(join(this.nodesDirectory, nodeId));
  }

  /** Calls `action` after a simulated delay, unless the world is closed or the returned function called first. */
  afterDelay(name: DelayName, action: () => void): () => void {
    return this.after(DELAYS[name] / this.options.speed, action);
  }

  /** Calls `action` after a real delay in milliseconds. */
  after(milliseconds: number, action: () => void): () => void {
    if (this.closed) return () => {};
    const cancelTimer = this.clock.after(milliseconds, () => {
      this.#pending.delete(cancel);
      this.guard(action);
    });
    const cancel = () => {
      this.#pending.delete(cancel);
      cancelTimer();
    };
    this.#pending.add(cancel);
    return cancel;
  }

  /** Runs what nobody waits for; a failure in it is reported rather than the end of the emulator. */
  guard(action: () => void | Promise<void>): void {
    const underWay = (async () => action())()
      .catch((problem: unknown) => this.options.reportProblem(problem))
      .finally(() => this.#underWay.delete(underWay));
    this.#underWay.add(underWay);
  }

  /** Resolves when nothing runs any more that nobody else waits for. */
  async idle(): Promise<void> {
    while (this.#underWay.size > 0) await Promise.all(this.#underWay);
  }

  /** Stops all timers. */
  close(): void {
    this.#closing.abort();
    for (const cancel of [...this.#pending]) cancel();
  }
}
