import { NotConfiguredError, UsageError } from '../lib/errors.ts';
import { applications, certificates, statistics, usage } from './account-parts.ts';
import type { ResourceAdapter } from './adapter.ts';
import { failures } from './failures.ts';
import { files, readFile, statFile } from './files.ts';
import { images } from './images.ts';
import { preparations, subtasks } from './job-parts.ts';
import { jobSchedules } from './job-schedules.ts';
import { jobs } from './jobs.ts';
import { nodeCounts } from './node-counts.ts';
import { nodeHours } from './node-hours.ts';
import { nodeTasks } from './node-tasks.ts';
import { nodes } from './nodes.ts';
import { pools } from './pools.ts';
import type { BatchPort, TrafficMeter } from './port.ts';
import { type AccountSettings, regionOf } from './settings.ts';
import { type StorageChoice, withStorage } from './storage/storage.ts';
import { addTaskCollection, fetchTaskCounts, tasks } from './tasks.ts';
import { failedTasks, runningTasks } from './tasks-of-jobs.ts';
import { createClients } from './wire/client.ts';
import { createServiceClock } from './wire/service-clock.ts';
import { createTrafficMeter, type Exchange } from './wire/traffic.ts';
import { createTransport } from './wire/transport.ts';

/** By the registry's plural names. */
const ADAPTERS: Readonly<Record<string, ResourceAdapter>> = {
  pools,
  nodes,
  nodetasks: nodeTasks,
  jobs,
  tasks,
  failedtasks: failedTasks,
  runningtasks: runningTasks,
  files,
  images,
  nodecounts: nodeCounts,
  nodehours: nodeHours,
  jobschedules: jobSchedules,
  preparations,
  failures,
  subtasks,
  certificates,
  applications,
  usage,
  statistics,
};

/** Where nobody says which storage account is meant. */
const NO_STORAGE: StorageChoice = { problem: new NotConfiguredError('no storage account is configured') };

/** The port to one Batch account, with the count of its requests. */
export interface BatchConnection extends BatchPort {
  readonly meter: TrafficMeter;
}

/**
 * The adapter over `@azure/batch`. Nothing is loaded or sent before the first call, so this cannot fail;
 * a credential that cannot be used rejects that call. `observe` is told of each request. Containers and blobs
 * are those of the storage account that is given.
 */
export function createBatchPort(
  settings: AccountSettings,
  observe: (exchange: Exchange) => void = () => {},
  storage: StorageChoice = NO_STORAGE,
): BatchConnection {
  const meter = createTrafficMeter();
  const clock = createServiceClock();
  const transport = createTransport(settings, createClients(settings, meter, clock, observe));
  const batch: BatchConnection = {
    meter,
    now: clock.now,
    account: {
      name: settings.name,
      endpoint: settings.endpoint,
      region: regionOf(settings.endpoint),
      auth: settings.credential.kind,
      source: settings.source,
    },
    listPage: async (resource, scope, query, signal) =>
      adapterOf(resource).listPage(transport, scope, query, signal),
    get: async (resource, scope, id, signal) =>
      able(resource, 'shown alone', adapterOf(resource).get)(transport, scope, id, signal),
    add: async (resource, scope, body, signal) =>
      able(resource, 'created', adapterOf(resource).add)(transport, scope, body, signal),
    addTasks: async (job, bodies, signal) => addTaskCollection(transport, job, bodies, signal),
    update: async (resource, scope, id, patch, etag, signal) =>
      able(resource, 'changed', adapterOf(resource).update)(transport, scope, id, patch, etag, signal),
    act: async ({ resource, action, scope, id, args }, signal) =>
      able(resource, `asked to ${action}`, adapterOf(resource).actions[action])(
        transport,
        scope,
        id,
        args ?? {},
        signal,
      ),
    ask: async ({ resource, action, scope, id, args }, signal) =>
      able(resource, `asked for ${action}`, adapterOf(resource).questions?.[action])(
        transport,
        scope,
        id,
        args ?? {},
        signal,
      ),
    statFile: async (file, signal) => statFile(transport, file, signal),
    readFile: async (file, range, signal) => readFile(transport, file, range, signal),
    taskCounts: async (job, signal) => fetchTaskCounts(transport, job, signal),
  };
  return withStorage(batch, storage, (exchange) => {
    meter.count();
    observe(exchange);
  });
}

function adapterOf(resource: string): ResourceAdapter {
  const adapter = ADAPTERS[resource];
  if (adapter === undefined) throw new UsageError(`there is no resource of the name ${resource}`);
  return adapter;
}

function able<T>(resource: string, what: string, method: T | undefined): T {
  if (method === undefined) throw new UsageError(`${resource} cannot be ${what}`);
  return method;
}
