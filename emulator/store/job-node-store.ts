import type { JobNodeRecord } from '../model/job-node.ts';
import type { Database, Table } from './database.ts';
import { ordinal } from './mirror.ts';

/** Preparation and release of jobs on nodes, in memory and written through. A job is known here by its number. */
export class JobNodeStore {
  readonly #table: Table<JobNodeRecord>;
  readonly #jobs = new Map<number, Map<string, JobNodeRecord>>();

  constructor(database: Database) {
    this.#table = database.table<JobNodeRecord>('jobnodes');
    for (const { value } of this.#table.range({})) this.#job(value.jobNumber).set(value.nodeId, value);
  }

  get(jobNumber: number, nodeId: string): JobNodeRecord | undefined {
    return this.#jobs.get(jobNumber)?.get(nodeId);
  }

  put(record: JobNodeRecord): JobNodeRecord {
    this.#job(record.jobNumber).set(record.nodeId, record);
    this.#table.put([record.jobNumber, record.nodeId], record);
    return record;
  }

  /** The nodes of a job, sorted by id. */
  ofJob(jobNumber: number): JobNodeRecord[] {
    return [...(this.#jobs.get(jobNumber)?.values() ?? [])].sort((a, b) => ordinal(a.nodeId, b.nodeId));
  }

  /** All jobs' records of a node. */
  ofNode(nodeId: string): JobNodeRecord[] {
    return [...this.#jobs.values()].flatMap((nodes) => nodes.get(nodeId) ?? []);
  }

  removeJob(jobNumber: number): void {
    for (const nodeId of this.#jobs.get(jobNumber)?.keys() ?? []) this.#table.remove([jobNumber, nodeId]);
    this.#jobs.delete(jobNumber);
  }

  #job(jobNumber: number): Map<string, JobNodeRecord> {
    const known = this.#jobs.get(jobNumber);
    if (known !== undefined) return known;
    const created = new Map<string, JobNodeRecord>();
    this.#jobs.set(jobNumber, created);
    return created;
  }
}
