import type { Route } from './route.ts';

/** The operations on the files of tasks and nodes. */
export const FILE_ROUTES = [
  {
    id: 'File_DeleteFromTask',
    method: 'DELETE',
    path: '/jobs/{jobId}/tasks/{taskId}/files/{filePath}',
    success: 200,
    query: ['recursive'],
  },
  {
    id: 'File_GetFromTask',
    method: 'GET',
    path: '/jobs/{jobId}/tasks/{taskId}/files/{filePath}',
    success: 200,
    conditional: true,
  },
  {
    id: 'File_GetPropertiesFromTask',
    method: 'HEAD',
    path: '/jobs/{jobId}/tasks/{taskId}/files/{filePath}',
    success: 200,
    conditional: true,
  },
  {
    id: 'File_DeleteFromComputeNode',
    method: 'DELETE',
    path: '/pools/{poolId}/nodes/{nodeId}/files/{filePath}',
    success: 200,
    query: ['recursive'],
  },
  {
    id: 'File_GetFromComputeNode',
    method: 'GET',
    path: '/pools/{poolId}/nodes/{nodeId}/files/{filePath}',
    success: 200,
    conditional: true,
  },
  {
    id: 'File_GetPropertiesFromComputeNode',
    method: 'HEAD',
    path: '/pools/{poolId}/nodes/{nodeId}/files/{filePath}',
    success: 200,
    conditional: true,
  },
  {
    id: 'File_ListFromTask',
    method: 'GET',
    path: '/jobs/{jobId}/tasks/{taskId}/files',
    success: 200,
    query: ['$filter', 'recursive', 'maxresults'],
  },
  {
    id: 'File_ListFromComputeNode',
    method: 'GET',
    path: '/pools/{poolId}/nodes/{nodeId}/files',
    success: 200,
    query: ['$filter', 'recursive', 'maxresults'],
  },
] as const satisfies readonly Route[];
