import type { Job } from '../../resources/job.ts';
import type { NodeTask } from '../../resources/node-task.ts';
import type { Entity } from '../../resources/types.ts';
import { flash } from '../../store/flash.ts';
import type { ListView } from '../../store/state.ts';
import { listView, pushView } from '../../store/views.ts';
import type { Handlers, ScreenContext } from '../context.ts';
import { rowHere } from '../row-here.ts';

/** Keys that lead from a row to what it belongs to: to its place in the list of that. */
export const PLACE_HANDLERS: Handlers = {
  'jobs.pool': (context) =>
    goTo(context, 'the job has no pool yet', (row) => {
      const { executionInfo, poolInfo } = row as Job;
      const pool = executionInfo?.poolId ?? poolInfo?.poolId;
      return pool === undefined ? undefined : { list: listView('pools', {}), id: pool };
    }),
  'tasks.node': (context) =>
    goTo(context, 'the task has not come to a node yet', (row) => nodePlace((row as InNode).nodeInfo)),
  'subtasks.node': (context) =>
    goTo(context, 'this subtask has no node yet', (row) => nodePlace((row as InNode).nodeInfo)),
  'preparations.node': (context) => goTo(context, 'no node is told of', (row) => nodePlace(row)),
  'nodetasks.job': (context) =>
    goTo(context, 'the start task belongs to no job', (row) => {
      const { jobId: job, taskId: id } = row as NodeTask;
      return job === undefined || id === undefined ? undefined : { list: listView('tasks', { job }), id };
    }),
};

interface OnNode {
  readonly poolId?: string;
  readonly nodeId?: string;
}

interface InNode {
  readonly nodeInfo?: OnNode;
}

/** A row of a list. */
interface Place {
  readonly list: ListView;
  readonly id: string;
}

function nodePlace({ poolId: pool, nodeId: id }: OnNode = {}): Place | undefined {
  return pool === undefined || id === undefined ? undefined : { list: listView('nodes', { pool }), id };
}

/** The cursor goes there as soon as the row is listed; `without` says why there is nowhere to go. */
function goTo(context: ScreenContext, without: string, placeOf: (row: Entity) => Place | undefined): void {
  const here = rowHere(context);
  if (here === undefined) return;
  const { store } = context.services;
  const place = placeOf(here.row);
  if (place === undefined) {
    flash(store, 'warn', without);
    return;
  }
  const awaited = { id: place.id, since: Number.NEGATIVE_INFINITY };
  pushView(store, { ...place.list, cursor: place.id, awaited });
}
