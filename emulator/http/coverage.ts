import type { OperationId } from './routes.ts';

/**
 * How faithfully an operation is served: `real` behaves as the service does, as far as that is known; `simplified`
 * answers as the service does, but less happens behind it; `refused` answers 501.
 */
export interface Coverage {
  readonly level: 'real' | 'simplified' | 'refused';
  /** What someone who relies on it has to know. Markdown. */
  readonly remark?: string;
}

const REAL: Coverage = { level: 'real' };
const real = (remark: string): Coverage => ({ level: 'real', remark });
const simplified = (remark: string): Coverage => ({ level: 'simplified', remark });

/** What docs/emulator.md says of each operation. An operation that is missing here does not compile. */
export const COVERAGE: Readonly<Record<OperationId, Coverage>> = {
  Account_ListPoolNodeCounts: REAL,
  Account_ListSupportedImages: real('the pairs of images and node agents that the emulator takes'),
  Application_Get: real('see [application packages](#application-packages)'),
  Application_List: real('see [application packages](#application-packages)'),
  Certificate_Add: real('see [certificates](#certificates)'),
  Certificate_CancelDeletion: REAL,
  Certificate_Delete: real('one that a pool uses ends in `deletefailed`'),
  Certificate_Get: REAL,
  Certificate_List: REAL,
  ComputeNode_AddUser: simplified('a name with a time of expiry; no account is made, and nobody can log in'),
  ComputeNode_DeleteUser: simplified('forgets the name'),
  ComputeNode_DisableScheduling: REAL,
  ComputeNode_EnableScheduling: REAL,
  ComputeNode_Get: REAL,
  ComputeNode_GetRemoteDesktop: simplified(
    'a file for 127.0.0.1, where nothing listens; cloud services only',
  ),
  ComputeNode_GetRemoteLoginSettings: simplified('an address on 127.0.0.1, where nothing listens'),
  ComputeNode_List: REAL,
  ComputeNode_Reboot: real('the start task runs again'),
  ComputeNode_Reimage: real('only in pools of a cloud service; the node comes back empty'),
  ComputeNode_UpdateUser: simplified('changes the time of expiry; passwords and keys are not kept'),
  ComputeNode_UploadBatchServiceLogs: simplified(
    'uploads what the emulator has on record of the node, and the outputs of its start task; if that fails, `volatile/logs-not-uploaded.txt` on the node says why',
  ),
  ComputeNodeExtension_Get: simplified('what the pool names, shown as installed; nothing is'),
  ComputeNodeExtension_List: simplified('what the pool names, shown as installed; nothing is'),
  File_DeleteFromComputeNode: REAL,
  File_DeleteFromTask: REAL,
  File_GetFromComputeNode: real('also in part, by `ocp-range`'),
  File_GetFromTask: real('also in part, by `ocp-range`'),
  File_GetPropertiesFromComputeNode: REAL,
  File_GetPropertiesFromTask: REAL,
  File_ListFromComputeNode: REAL,
  File_ListFromTask: REAL,
  Job_Add: real('`networkConfiguration` is kept and shown, without effect'),
  Job_Delete: REAL,
  Job_Disable: real('requeue, terminate, and wait'),
  Job_Enable: REAL,
  Job_Get: REAL,
  Job_GetAllLifetimeStatistics: simplified('see [statistics](#statistics-and-usage)'),
  Job_GetTaskCounts: real('never lags behind'),
  Job_List: REAL,
  Job_ListFromJobSchedule: REAL,
  Job_ListPreparationAndReleaseTaskStatus: REAL,
  Job_Patch: REAL,
  Job_Terminate: REAL,
  Job_Update: REAL,
  JobSchedule_Add: real('recurrence follows the clock, whatever `--speed` says'),
  JobSchedule_Delete: REAL,
  JobSchedule_Disable: REAL,
  JobSchedule_Enable: REAL,
  JobSchedule_Exists: REAL,
  JobSchedule_Get: REAL,
  JobSchedule_List: REAL,
  JobSchedule_Patch: REAL,
  JobSchedule_Terminate: REAL,
  JobSchedule_Update: REAL,
  Pool_Add: real(
    'images and node agents must match; mounts, disks, encryption and networks are kept and shown, without effect',
  ),
  Pool_Delete: REAL,
  Pool_DisableAutoScale: REAL,
  Pool_EnableAutoScale: real('see [autoscaling](#autoscaling)'),
  Pool_EvaluateAutoScale: real('see [autoscaling](#autoscaling)'),
  Pool_Exists: REAL,
  Pool_Get: REAL,
  Pool_GetAllLifetimeStatistics: simplified('see [statistics](#statistics-and-usage)'),
  Pool_List: REAL,
  Pool_ListUsageMetrics: simplified('see [statistics](#statistics-and-usage)'),
  Pool_Patch: REAL,
  Pool_RemoveNodes: REAL,
  Pool_Resize: real(
    "takes seconds rather than minutes; beyond a quota or `--nodes-max` it ends in the service's errors",
  ),
  Pool_StopResize: REAL,
  Pool_UpdateProperties: REAL,
  Task_Add: real(
    'see [tasks](#tasks); managed identities are refused, and a task in a container fails at its start',
  ),
  Task_AddCollection: real('up to 100 tasks and 1 MiB, each task answered for itself'),
  Task_Delete: REAL,
  Task_Get: REAL,
  Task_List: real('filters by state and by time of change read an index, others look through the tasks'),
  Task_ListSubtasks: real('see [multi-instance tasks](#multi-instance-tasks)'),
  Task_Reactivate: REAL,
  Task_Terminate: REAL,
  Task_Update: REAL,
};
