import { tmpdir } from 'node:os';
import type { NodeDirectories, TaskDirectory } from './node-directories.ts';

/** One entry of `environmentSettings`; without a value the variable is empty. */
export interface EnvironmentSetting {
  readonly name: string;
  readonly value?: string | undefined;
}

/** Facts of a multi-instance task that all its instances see. */
export interface MultiInstanceFacts {
  /** IP addresses of the nodes that run the instances, the primary's first. */
  readonly addresses: readonly string[];
  readonly isMaster: boolean;
  /** A directory at the same path for the primary and every subtask. */
  readonly sharedDirectory: string;
}

/** All that a task's environment is made of. */
export interface TaskFacts {
  readonly accountName: string;
  readonly accountUrl: string;
  readonly poolId: string;
  readonly nodeId: string;
  readonly isDedicated: boolean;
  readonly node: NodeDirectories;
  readonly task: TaskDirectory;
  /** Absent in a start task. */
  readonly jobId?: string | undefined;
  /** Absent in a start task. */
  readonly taskId?: string | undefined;
  /** The job's preparation task on this node, if the job has one. */
  readonly preparation?: TaskDirectory | undefined;
  /** Token for `authenticationTokenSettings`. */
  readonly authenticationToken?: string | undefined;
  readonly multiInstance?: MultiInstanceFacts | undefined;
  readonly applicationPackages?: readonly ApplicationPackageFacts[] | undefined;
  /** The job's settings, which the task's override. */
  readonly commonEnvironmentSettings?: readonly EnvironmentSetting[] | undefined;
  readonly environmentSettings?: readonly EnvironmentSetting[] | undefined;
  /** Search path for programs, where the usual one of a Linux system does not do. */
  readonly searchPath?: string | undefined;
}

/** An application package unpacked at `path`; without a version it is the application's default one. */
export interface ApplicationPackageFacts {
  readonly applicationId: string;
  readonly version?: string | undefined;
  readonly path: string;
}

const SEARCH_PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';
const MASTER_PORT = 6000;
/** What a node keeps free, as the documentation has it for an example. */
const RESERVED_DISK_BYTES = '1000000';

/**
 * The whole environment of a task's process: a small fixed base, the service's AZ_BATCH_* variables, then the job's
 * and the task's settings, verbatim. Nothing of this program's own environment is passed on.
 * https://learn.microsoft.com/azure/batch/batch-compute-node-environment-variables
 */
export function taskEnvironment(facts: TaskFacts): Record<string, string> {
  const environment: Record<string, string> = {
    PATH: facts.searchPath ?? SEARCH_PATH,
    HOME: facts.task.working,
    LANG: 'C.UTF-8',
    TMPDIR: tmpdir(),
    ...serviceVariables(facts),
  };
  for (const setting of [...(facts.commonEnvironmentSettings ?? []), ...(facts.environmentSettings ?? [])]) {
    environment[setting.name] = setting.value ?? '';
  }
  return environment;
}

/**
 * The variable that names an application package's directory on a Linux node: periods and hyphens become underscores, and
 * the case of the id stays.
 * https://learn.microsoft.com/azure/batch/batch-application-packages#execute-the-installed-applications
 */
export function packageVariable(applicationId: string, version?: string): string {
  const name = version === undefined || version === '' ? applicationId : `${applicationId}_${version}`;
  return `AZ_BATCH_APP_PACKAGE_${name.replace(/[^A-Za-z0-9]/g, '_')}`;
}

function serviceVariables(facts: TaskFacts): Record<string, string> {
  const { node, task, preparation } = facts;
  const variables: Record<string, string | undefined> = {
    AZ_BATCH_ACCOUNT_NAME: facts.accountName,
    AZ_BATCH_ACCOUNT_URL: facts.accountUrl,
    AZ_BATCH_POOL_ID: facts.poolId,
    AZ_BATCH_NODE_ID: facts.nodeId,
    AZ_BATCH_NODE_IS_DEDICATED: String(facts.isDedicated),
    AZ_BATCH_NODE_ROOT_DIR: node.root,
    AZ_BATCH_NODE_SHARED_DIR: node.shared,
    AZ_BATCH_NODE_STARTUP_DIR: node.startTask.root,
    AZ_BATCH_NODE_MOUNTS_DIR: node.mounts,
    AZ_BATCH_JOB_ID: facts.jobId,
    AZ_BATCH_TASK_ID: facts.taskId,
    AZ_BATCH_TASK_DIR: task.root,
    AZ_BATCH_TASK_WORKING_DIR: task.working,
    AZ_BATCH_CERTIFICATES_DIR: task.certificates,
    AZ_BATCH_JOB_PREP_DIR: preparation?.root,
    AZ_BATCH_JOB_PREP_WORKING_DIR: preparation?.working,
    AZ_BATCH_AUTHENTICATION_TOKEN: facts.authenticationToken,
    AZ_BATCH_TASK_RESERVED_EPHEMERAL_DISK_SPACE_BYTES: RESERVED_DISK_BYTES,
    ...multiInstanceVariables(facts.multiInstance),
  };
  for (const each of facts.applicationPackages ?? []) {
    variables[packageVariable(each.applicationId, each.version)] = each.path;
  }
  const present = Object.entries(variables).filter(
    (entry): entry is [string, string] => entry[1] !== undefined,
  );
  return Object.fromEntries(present);
}

function multiInstanceVariables(facts: MultiInstanceFacts | undefined): Record<string, string> {
  if (facts === undefined) return {};
  const { addresses } = facts;
  return {
    AZ_BATCH_NODE_LIST: addresses.join(';'),
    AZ_BATCH_HOST_LIST: addresses.join(','),
    AZ_BATCH_MASTER_NODE: `${addresses[0] ?? ''}:${MASTER_PORT}`,
    AZ_BATCH_IS_CURRENT_NODE_MASTER: String(facts.isMaster),
    AZ_BATCH_TASK_SHARED_DIR: facts.sharedDirectory,
    CCP_NODES: [addresses.length, ...addresses.map((address) => `${address} 1`)].join(' '),
  };
}
