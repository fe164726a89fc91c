import type { StartTaskInformation } from './entities.ts';

/** How a job's preparation and release tasks fared on one node. */
export interface JobNodeRecord {
  readonly jobNumber: number;
  readonly jobId: string;
  readonly poolId: string;
  readonly nodeId: string;
  readonly preparation?: StartTaskInformation | undefined;
  /** Whether the preparation counts no more and has to be repeated, as after a reboot. */
  readonly stale?: boolean | undefined;
  /** Whether nothing is left on the node of what the preparation did. */
  readonly reimaged?: boolean | undefined;
  readonly release?: StartTaskInformation | undefined;
}

/**
 * Where a node stands with a job's preparation: not begun (or to be repeated), under way, done, or failed for
 * good, so that the job's tasks stay away from the node.
 */
export type Readiness = 'needed' | 'running' | 'ready' | 'failed';

/** Where the node stands; one of which there is no record has not begun. */
export function readinessOf(record: JobNodeRecord | undefined): Readiness {
  const info = record?.preparation;
  if (info === undefined || record?.stale) return 'needed';
  if (info.state === 'running') return 'running';
  return info.result === 'success' ? 'ready' : 'failed';
}

/** A reimaged node knows nothing of what was done on it. */
export function afterReimage(record: JobNodeRecord): JobNodeRecord {
  return { ...record, stale: true, reimaged: true };
}

/** What the node's reboot means for the preparation: one that was not completed is repeated in any case. */
export function afterReboot(record: JobNodeRecord, rerunAfterSuccess: boolean): JobNodeRecord {
  const readiness = readinessOf(record);
  const repeat = readiness === 'running' || (readiness === 'ready' && rerunAfterSuccess);
  return repeat ? { ...record, stale: true } : record;
}

/**
 * Whether the release task has still to run on the node: tasks could run there, which needs a success only if
 * they wait for it, and it was not released yet. A reboot leaves there what the preparation did.
 * @see https://learn.microsoft.com/rest/api/batchservice/job/add#jobreleasetask
 */
export function needsRelease(record: JobNodeRecord, waitsForSuccess: boolean): boolean {
  const { preparation, reimaged = false, release } = record;
  const prepared =
    preparation?.state === 'completed' && (preparation.result === 'success' || !waitsForSuccess);
  return prepared && !reimaged && release?.state !== 'completed';
}
