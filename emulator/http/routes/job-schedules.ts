import type { Route } from './route.ts';

/** The operations on job schedules. */
export const JOB_SCHEDULE_ROUTES = [
  {
    id: 'JobSchedule_Exists',
    method: 'HEAD',
    path: '/jobschedules/{jobScheduleId}',
    success: 200,
    conditional: true,
  },
  {
    id: 'JobSchedule_Delete',
    method: 'DELETE',
    path: '/jobschedules/{jobScheduleId}',
    success: 202,
    conditional: true,
  },
  {
    id: 'JobSchedule_Get',
    method: 'GET',
    path: '/jobschedules/{jobScheduleId}',
    success: 200,
    query: ['$select', '$expand'],
    conditional: true,
  },
  {
    id: 'JobSchedule_Patch',
    method: 'PATCH',
    path: '/jobschedules/{jobScheduleId}',
    success: 200,
    body: 'JobSchedulePatchParameter',
    conditional: true,
  },
  {
    id: 'JobSchedule_Update',
    method: 'PUT',
    path: '/jobschedules/{jobScheduleId}',
    success: 200,
    body: 'JobScheduleUpdateParameter',
    conditional: true,
  },
  {
    id: 'JobSchedule_Disable',
    method: 'POST',
    path: '/jobschedules/{jobScheduleId}/disable',
    success: 204,
    conditional: true,
  },
  {
    id: 'JobSchedule_Enable',
    method: 'POST',
    path: '/jobschedules/{jobScheduleId}/enable',
    success: 204,
    conditional: true,
  },
  {
    id: 'JobSchedule_Terminate',
    method: 'POST',
    path: '/jobschedules/{jobScheduleId}/terminate',
    success: 202,
    conditional: true,
  },
  {
    id: 'JobSchedule_Add',
    method: 'POST',
    path: '/jobschedules',
    success: 201,
    body: 'JobScheduleAddParameter',
  },
  {
    id: 'JobSchedule_List',
    method: 'GET',
    path: '/jobschedules',
    success: 200,
    query: ['$filter', '$select', '$expand', 'maxresults'],
  },
] as const satisfies readonly Route[];
