import { type Instant, toTimestamp } from '../clock.ts';
import type { ProcessExit } from '../runner/index.ts';
import type { Subtask } from './entities.ts';
import type { FailureInformation } from './failures.ts';
import { ENDED_BY_USER, exitFailure } from './task.ts';
import type { TaskNode } from './task-parts.ts';

/** An instance that is on its node, and of which nothing runs yet. */
export function createSubtask(id: number, nodeInfo: TaskNode, now: Instant): Subtask {
  return { id, nodeInfo, state: 'preparing', stateTransitionTime: toTimestamp(now) };
}

/** Its coordination command has begun. */
export function runSubtask(subtask: Subtask, now: Instant): Subtask {
  return { ...subtask, startTime: toTimestamp(now), ...moveTo(subtask, 'running', now) };
}

/** The subtask's command has ended, or was ended when `exit` is undefined. One that is over stays as it is. */
export function completeSubtask(subtask: Subtask, exit: ProcessExit | undefined, now: Instant): Subtask {
  if (subtask.state === 'completed') return subtask;
  const failure = failureOf(exit);
  return {
    ...subtask,
    endTime: toTimestamp(now),
    ...(exit?.kind === 'exited' ? { exitCode: exit.exitCode } : {}),
    ...(failure === undefined ? { result: 'success' } : { failureInfo: failure, result: 'failure' }),
    ...moveTo(subtask, 'completed', now),
  };
}

function failureOf(exit: ProcessExit | undefined): FailureInformation | undefined {
  if (exit === undefined) return ENDED_BY_USER;
  if (exit.kind === 'exited') return exitFailure(exit.exitCode);
  return { category: 'UserError', code: exit.code, message: exit.message };
}

function moveTo(subtask: Subtask, state: Subtask['state'], now: Instant) {
  return {
    state,
    stateTransitionTime: toTimestamp(now),
    previousState: subtask.state,
    previousStateTransitionTime: subtask.stateTransitionTime,
  };
}
