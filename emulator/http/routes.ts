import { ACCOUNT_ROUTES } from './routes/account.ts';
import { APPLICATION_ROUTES } from './routes/applications.ts';
import { CERTIFICATE_ROUTES } from './routes/certificates.ts';
import { FILE_ROUTES } from './routes/files.ts';
import { JOB_SCHEDULE_ROUTES } from './routes/job-schedules.ts';
import { JOB_ROUTES } from './routes/jobs.ts';
import { NODE_ROUTES } from './routes/nodes.ts';
import { POOL_ROUTES } from './routes/pools.ts';
import { TASK_ROUTES } from './routes/tasks.ts';

/**
 * All operations of the data plane 2022-10-01.16.0.
 * @see https://github.com/Azure/azure-rest-api-specs/tree/main/specification/batch/data-plane
 */
export const ROUTES = [
  ...ACCOUNT_ROUTES,
  ...APPLICATION_ROUTES,
  ...CERTIFICATE_ROUTES,
  ...FILE_ROUTES,
  ...JOB_SCHEDULE_ROUTES,
  ...JOB_ROUTES,
  ...POOL_ROUTES,
  ...TASK_ROUTES,
  ...NODE_ROUTES,
] as const;

export type OperationId = (typeof ROUTES)[number]['id'];
