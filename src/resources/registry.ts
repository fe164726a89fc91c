import { accounts } from './account.ts';
import { accountKeys } from './account-key.ts';
import { ACCOUNT_PLACES } from './account-place.ts';
import { applications } from './application.ts';
import { blobs } from './blob.ts';
import { certificates } from './certificate.ts';
import { containers } from './container.ts';
import { directory } from './directory.ts';
import { dumps } from './dump.ts';
import { failures } from './failure.ts';
import { files } from './file.ts';
import { images } from './image.ts';
import { jobs } from './job.ts';
import { jobSchedules } from './job-schedule.ts';
import { lines } from './line.ts';
import { nodes } from './node.ts';
import { nodeCounts } from './node-count.ts';
import { nodeHours } from './node-hours.ts';
import { nodeTasks } from './node-task.ts';
import { packages } from './package.ts';
import { pools } from './pool.ts';
import { preparations } from './preparation.ts';
import { quotas } from './quota.ts';
import { statistics } from './statistics.ts';
import { subtasks } from './subtask.ts';
import { tasks } from './task.ts';
import { failedTasks, runningTasks } from './tasks-of-jobs.ts';
import type { Entity, Resource } from './types.ts';
import { usage } from './usage.ts';
import { vmSizes } from './vm-size.ts';

/** Every resource that azb knows, in the order in which help and completion show them. */
export const RESOURCES: readonly Resource<Entity>[] = [
  pools,
  nodes,
  jobs,
  tasks,
  failedTasks,
  runningTasks,
  files,
  jobSchedules,
  images,
  nodeCounts,
  nodeHours,
  nodeTasks,
  subtasks,
  preparations,
  failures,
  certificates,
  applications,
  packages,
  containers,
  blobs,
  usage,
  statistics,
  accounts,
  quotas,
  vmSizes,
] as readonly Resource<Entity>[];

/** Lists that are azb's own: shown like resources, but nothing that can be asked for. */
const OWN = [directory, accountKeys, lines, dumps] as readonly Resource<Entity>[];

/** Lists that forms offer values from, and that nobody opens. */
const OFFERED = ACCOUNT_PLACES as readonly Resource<Entity>[];

/** Lists of the plane that manages accounts: what is on them is not in the account in use. */
const MANAGED: readonly string[] = [
  'accounts',
  'quotas',
  'vmsizes',
  'accountkeys',
  'packages',
  ...OFFERED.map(({ name }) => name),
];

/** Whether a list is asked for from Azure Resource Manager rather than from the account in use. */
export function isManaged(name: string): boolean {
  return MANAGED.includes(name);
}

/** Whether a list is azb's own, whose rows are nothing that the service has. */
export function isOwnList(name: string): boolean {
  return OWN.some((list) => list.name === name);
}

/** The resource with this name, singular or alias, in any case. */
export function findResource(name: string): Resource<Entity> | undefined {
  const wanted = name.toLowerCase();
  return RESOURCES.find(
    (resource) =>
      resource.name === wanted || resource.singular === wanted || resource.aliases.includes(wanted),
  );
}

const BY_NAME: ReadonlyMap<string, Resource<Entity>> = new Map(
  [...RESOURCES, ...OWN, ...OFFERED].map((resource) => [resource.name, resource]),
);

/** The resource with exactly this name; an unknown name is a bug in azb's own tables. */
export function resourceNamed(name: string): Resource<Entity> {
  const found = BY_NAME.get(name);
  if (found === undefined) throw new Error(`no resource is named ${name}`);
  return found;
}
