import type { Route } from './route.ts';

/** The operations on tasks. */
export const TASK_ROUTES = [
  { id: 'Task_Add', method: 'POST', path: '/jobs/{jobId}/tasks', success: 201, body: 'TaskAddParameter' },
  {
    id: 'Task_List',
    method: 'GET',
    path: '/jobs/{jobId}/tasks',
    success: 200,
    query: ['$filter', '$select', '$expand', 'maxresults'],
  },
  {
    id: 'Task_AddCollection',
    method: 'POST',
    path: '/jobs/{jobId}/addtaskcollection',
    success: 200,
    body: 'TaskAddCollectionParameter',
  },
  {
    id: 'Task_Delete',
    method: 'DELETE',
    path: '/jobs/{jobId}/tasks/{taskId}',
    success: 200,
    conditional: true,
  },
  {
    id: 'Task_Get',
    method: 'GET',
    path: '/jobs/{jobId}/tasks/{taskId}',
    success: 200,
    query: ['$select', '$expand'],
    conditional: true,
  },
  {
    id: 'Task_Update',
    method: 'PUT',
    path: '/jobs/{jobId}/tasks/{taskId}',
    success: 200,
    body: 'TaskUpdateParameter',
    conditional: true,
  },
  {
    id: 'Task_ListSubtasks',
    method: 'GET',
    path: '/jobs/{jobId}/tasks/{taskId}/subtasksinfo',
    success: 200,
    query: ['$select'],
  },
  {
    id: 'Task_Terminate',
    method: 'POST',
    path: '/jobs/{jobId}/tasks/{taskId}/terminate',
    success: 204,
    conditional: true,
  },
  {
    id: 'Task_Reactivate',
    method: 'POST',
    path: '/jobs/{jobId}/tasks/{taskId}/reactivate',
    success: 204,
    conditional: true,
  },
] as const satisfies readonly Route[];
