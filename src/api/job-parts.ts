import { need, pathOf, type ResourceAdapter } from './adapter.ts';
import { findInList } from './find-in-list.ts';
import { fetchPage } from './paging.ts';

const listPreparations: ResourceAdapter['listPage'] = (transport, scope, query, signal) =>
  fetchPage(
    transport,
    pathOf('jobs', need(scope, 'job', 'preparations'), 'jobpreparationandreleasetaskstatus'),
    query,
    signal,
  );

/** @see https://learn.microsoft.com/rest/api/batchservice/job/list-preparation-and-release-task-status */
export const preparations: ResourceAdapter = {
  listPage: listPreparations,
  get: findInList(listPreparations, (row) => (row as { nodeId?: string }).nodeId ?? ''),
  actions: {},
};

/** The list has no pages. @see https://learn.microsoft.com/rest/api/batchservice/task/list-subtasks */
const listSubtasks: ResourceAdapter['listPage'] = (transport, scope, _query, signal) =>
  fetchPage(
    transport,
    pathOf('jobs', need(scope, 'job', 'subtasks'), 'tasks', need(scope, 'task', 'subtasks'), 'subtasksinfo'),
    {},
    signal,
    { params: { maxresults: undefined } },
  );

/** Subtasks of one multi-instance task, without the task itself. */
export const subtasks: ResourceAdapter = {
  listPage: listSubtasks,
  get: findInList(listSubtasks, (row) => String((row as { id?: number }).id)),
  actions: {},
};
