import { parseDuration } from '../duration.ts';
import type { Engine } from '../engine/engine.ts';
import { BatchFault, invalidProperty } from '../errors.ts';
import { changedReply, createdReply, entityReply, versionHeaders } from '../http/reply.ts';
import type { BatchRequest } from '../http/request.ts';
import {
  type JobSchedule,
  type JobScheduleDefinition,
  type Schedule,
  shownSchedule,
  withDefaults,
} from '../model/job-schedule.ts';
import { checkJobDefinition } from './job-definition.ts';
import { listReply, selection } from './query.ts';
import {
  bodyOf,
  checkId,
  findSchedule,
  findScheduleToChange,
  type Handler,
  NOT_MODIFIED,
  unchanged,
} from './service.ts';
import { withScheduleStatistics } from './statistics.ts';
import { scheduleUrl, scheduleView } from './views.ts';

const SHORTEST_INTERVAL_MS = 60_000;

export const addSchedule: Handler = (engine, request) => {
  const definition = bodyOf<JobScheduleDefinition>(request);
  checkId(definition.id);
  checkSchedule(definition.schedule);
  checkJobDefinition(definition.jobSpecification, 'schedule');
  const { schedule } = engine.schedules.add(definition);
  return createdReply(request, scheduleUrl(request, schedule.id), schedule);
};

export const listSchedules: Handler = (engine, request) =>
  listReply(request, {
    metadata: 'jobschedules',
    list: 'jobSchedules',
    items: engine.world.schedules.all(),
    keyOf: ({ schedule }) => schedule.id,
    view: ({ schedule }) => view(engine, request, schedule),
  });

function view(engine: Engine, request: BatchRequest, schedule: JobSchedule): object {
  return withScheduleStatistics(engine, request, schedule, scheduleView(request, schedule));
}

export const getSchedule: Handler = (engine, request) => {
  const { schedule } = findSchedule(engine.world, request);
  if (unchanged(request, schedule)) return NOT_MODIFIED;
  const reply = entityReply(request, 'jobschedules', selection(request)(view(engine, request, schedule)));
  return { ...reply, headers: versionHeaders(schedule) };
};

export const scheduleExists: Handler = ({ world }, request) => {
  const { schedule } = findSchedule(world, request);
  if (unchanged(request, schedule)) return NOT_MODIFIED;
  return { status: 200, headers: versionHeaders(schedule) };
};

/** Each member given replaces the schedule's; members not given stay. */
export const patchSchedule: Handler = (engine, request) => {
  const record = findScheduleToChange(engine.world, request);
  demandOpen(record.schedule);
  const { schedule, jobSpecification, ...rest } = bodyOf<Partial<JobScheduleDefinition>>(request);
  if (schedule !== undefined) checkSchedule(schedule);
  if (jobSpecification !== undefined) checkJobDefinition(jobSpecification, 'schedule');
  const changed = engine.schedules.change(record, {
    ...rest,
    ...(schedule === undefined ? {} : { schedule: shownSchedule(schedule) }),
    ...(jobSpecification === undefined ? {} : { jobSpecification: withDefaults(jobSpecification) }),
  });
  return changedReply(request, changed.schedule);
};

/** What is not given is removed. */
export const updateSchedule: Handler = (engine, request) => {
  const record = findScheduleToChange(engine.world, request);
  demandOpen(record.schedule);
  const { schedule, jobSpecification, ...rest } = bodyOf<JobScheduleDefinition>(request);
  checkSchedule(schedule);
  checkJobDefinition(jobSpecification, 'schedule');
  const members = {
    metadata: undefined,
    ...rest,
    schedule: shownSchedule(schedule),
    jobSpecification: withDefaults(jobSpecification),
  };
  return changedReply(request, engine.schedules.change(record, members).schedule);
};

export const disableSchedule: Handler = (engine, request) => {
  const record = findScheduleToChange(engine.world, request);
  demandOpen(record.schedule);
  return changedReply(request, engine.schedules.disable(record).schedule);
};

export const enableSchedule: Handler = (engine, request) => {
  const record = findScheduleToChange(engine.world, request);
  demandOpen(record.schedule);
  return changedReply(request, engine.schedules.enable(record).schedule);
};

export const terminateSchedule: Handler = (engine, request) => {
  const record = findScheduleToChange(engine.world, request);
  demandOpen(record.schedule);
  return changedReply(request, engine.schedules.terminate(record).schedule);
};

export const deleteSchedule: Handler = (engine, request) => {
  engine.schedules.delete(findScheduleToChange(engine.world, request));
  return { status: request.route.success };
};

function demandOpen({ state }: JobSchedule): void {
  if (state === 'completed') throw new BatchFault('JobScheduleCompleted');
  if (state === 'terminating') throw new BatchFault('JobScheduleBeingTerminated');
}

function checkSchedule(schedule: Schedule): void {
  for (const name of ['startWindow', 'recurrenceInterval'] as const) {
    const text = schedule[name];
    const length = text === undefined ? undefined : parseDuration(text);
    if (text === undefined || (length !== undefined && length >= SHORTEST_INTERVAL_MS)) continue;
    throw invalidProperty(name, text, 'The value must be at least 1 minute');
  }
}
