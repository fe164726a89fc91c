import type { Engine } from '../engine/engine.ts';
import type { World } from '../engine/world.ts';
import { BatchFault, invalidProperty } from '../errors.ts';
import { checkConditions } from '../http/conditions.ts';
import type { Reply, Versioned } from '../http/reply.ts';
import { type BatchRequest, pathParameter } from '../http/request.ts';
import type { JobRecord, NodeRecord, PoolRecord, TaskRecord } from '../model/entities.ts';
import type { JobScheduleRecord } from '../model/job-schedule.ts';
import { validateId } from '../schema/index.ts';

/** Answers one operation. It throws a BatchFault before it changes anything, or does all of it. */
export type Handler = (engine: Engine, request: BatchRequest) => Reply | Promise<Reply>;

export const NOT_MODIFIED: Reply = { status: 304 };

/** The request's body as what the schema has found it to be. */
export function bodyOf<T>(request: BatchRequest): T {
  return (request.body ?? {}) as T;
}

/** @throws BatchFault when there is no such pool. */
export function findPool(world: World, request: BatchRequest): PoolRecord {
  const record = world.pools.get(pathParameter(request, 'poolId'));
  if (record === undefined) throw new BatchFault('PoolNotFound');
  return record;
}

/** The pool, if the request's conditions hold and it is not about to be gone. */
export function findPoolToChange(world: World, request: BatchRequest): PoolRecord {
  const record = findPool(world, request);
  demand(request, record.pool);
  if (record.pool.state === 'deleting') throw new BatchFault('PoolBeingDeleted');
  return record;
}

/** @throws BatchFault when there is no such pool, or no such node in it. */
export function findNode(world: World, request: BatchRequest): NodeRecord {
  const { pool } = findPool(world, request);
  const record = world.nodes.get(pool.id, pathParameter(request, 'nodeId'));
  if (record === undefined) throw new BatchFault('NodeNotFound');
  return record;
}

/** @throws BatchFault when there is no such job. */
export function findJob(world: World, request: BatchRequest): JobRecord {
  const record = world.jobs.get(pathParameter(request, 'jobId'));
  if (record === undefined) throw new BatchFault('JobNotFound');
  return record;
}

/** @throws BatchFault when there is no such job schedule. */
export function findSchedule(world: World, request: BatchRequest): JobScheduleRecord {
  const record = world.schedules.get(pathParameter(request, 'jobScheduleId'));
  if (record === undefined) throw new BatchFault('JobScheduleNotFound');
  return record;
}

/** The schedule, if the request's conditions hold and it is not about to be gone. */
export function findScheduleToChange(world: World, request: BatchRequest): JobScheduleRecord {
  const record = findSchedule(world, request);
  demand(request, record.schedule);
  if (record.schedule.state === 'deleting') throw new BatchFault('JobScheduleBeingDeleted');
  return record;
}

/** The job, if the request's conditions hold and it is not about to be gone. */
export function findJobToChange(world: World, request: BatchRequest): JobRecord {
  const record = findJob(world, request);
  demand(request, record.job);
  if (record.job.state === 'deleting') throw new BatchFault('JobBeingDeleted');
  return record;
}

/** @throws BatchFault when there is no such job, or no such task in it. */
export function findTask(world: World, request: BatchRequest): { job: JobRecord; record: TaskRecord } {
  const job = findJob(world, request);
  const record = world.tasks.get(job.number, pathParameter(request, 'taskId'));
  if (record === undefined) throw new BatchFault('TaskNotFound');
  return { job, record };
}

/** Refuses an id that the service would not take. */
export function checkId(id: string): void {
  if (validateId(id)) return;
  throw invalidProperty(
    'id',
    id,
    'The id must have 1 to 64 characters, each of them a letter, a digit, a hyphen or an underscore',
  );
}

/** Refuses the request unless its conditional headers hold for the entity it would change. */
export function demand(request: BatchRequest, entity: Versioned): void {
  if (request.route.conditional) checkConditions(request, entity);
}

/** Whether a read may be answered with "not modified". */
export function unchanged(request: BatchRequest, entity: Versioned): boolean {
  return request.route.conditional === true && checkConditions(request, entity) === 'notModified';
}

/** Refuses what the emulator cannot do yet, in words that say so. */
export function notYet(what: string): BatchFault {
  return new BatchFault('NotImplemented', { Reason: `The azb emulator does not support ${what} yet.` });
}
