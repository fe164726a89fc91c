import { fromTimestamp, type Instant } from '../clock.ts';
import { parseDuration } from '../duration.ts';
import type { Task } from './entities.ts';

/** No task lives longer than this, nor do its files. */
const LONGEST_LIFE_MS = 180 * 24 * 3600 * 1000;

/**
 * When the files of a completed task go from the node where it ran; undefined while it is not completed, and when they
 * stay as long as the task does.
 */
export function filesGoAt({ state, executionInfo, constraints, nodeInfo }: Task): Instant | undefined {
  const { endTime } = executionInfo;
  if (state !== 'completed' || endTime === undefined || nodeInfo?.nodeId === undefined) return undefined;
  const retention = parseDuration(constraints.retentionTime);
  if (retention === undefined || retention > LONGEST_LIFE_MS) return undefined;
  return fromTimestamp(endTime) + Math.max(0, retention) * 1000;
}
