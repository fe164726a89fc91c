import { tmpdir } from 'node:os';
import { describe, expect, it } from 'vitest';
import {
  NodeDirectories,
  packageVariable,
  type TaskFacts,
  taskEnvironment,
} from '../../../emulator/runner/index.ts';

const node = new NodeDirectories('/n');
const facts: TaskFacts = {
  accountName: 'acct',
  accountUrl: 'http://127.0.0.1:8910',
  poolId: 'p',
  nodeId: 'tvmps_1_d',
  isDedicated: true,
  node,
  task: node.task('j', 't'),
  jobId: 'j',
  taskId: 't',
};

describe('taskEnvironment', () => {
  it('is the base and the service’s variables, with nothing of this process', () => {
    process.env.AZB_TEST_SECRET = 'secret';
    try {
      expect(taskEnvironment(facts)).toEqual({
        PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
        HOME: '/n/workitems/j/job-1/t/wd',
        LANG: 'C.UTF-8',
        TMPDIR: tmpdir(),
        AZ_BATCH_ACCOUNT_NAME: 'acct',
        AZ_BATCH_ACCOUNT_URL: 'http://127.0.0.1:8910',
        AZ_BATCH_POOL_ID: 'p',
        AZ_BATCH_NODE_ID: 'tvmps_1_d',
        AZ_BATCH_NODE_IS_DEDICATED: 'true',
        AZ_BATCH_NODE_ROOT_DIR: '/n',
        AZ_BATCH_NODE_SHARED_DIR: '/n/shared',
        AZ_BATCH_NODE_STARTUP_DIR: '/n/startup',
        AZ_BATCH_NODE_MOUNTS_DIR: '/n/fsmounts',
        AZ_BATCH_JOB_ID: 'j',
        AZ_BATCH_TASK_ID: 't',
        AZ_BATCH_TASK_DIR: '/n/workitems/j/job-1/t',
        AZ_BATCH_TASK_WORKING_DIR: '/n/workitems/j/job-1/t/wd',
        AZ_BATCH_CERTIFICATES_DIR: '/n/workitems/j/job-1/t/certs',
        AZ_BATCH_TASK_RESERVED_EPHEMERAL_DISK_SPACE_BYTES: '1000000',
      });
    } finally {
      delete process.env.AZB_TEST_SECRET;
    }
  });

  it('knows no job or task in a start task', () => {
    const { jobId: _job, taskId: _task, ...rest } = facts;
    const environment = taskEnvironment({ ...rest, task: node.startTask });
    expect(environment).not.toHaveProperty('AZ_BATCH_JOB_ID');
    expect(environment).not.toHaveProperty('AZ_BATCH_TASK_ID');
    expect(environment.AZ_BATCH_TASK_DIR).toBe('/n/startup');
  });

  it('adds the job’s settings, then the task’s, without expanding anything', () => {
    const environment = taskEnvironment({
      ...facts,
      commonEnvironmentSettings: [
        { name: 'A', value: 'job' },
        { name: 'B', value: 'job' },
      ],
      environmentSettings: [{ name: 'B', value: '$A' }, { name: 'EMPTY' }],
    });
    expect(environment).toMatchObject({ A: 'job', B: '$A', EMPTY: '' });
  });

  it('describes preparation, multi-instance, token and packages', () => {
    const environment = taskEnvironment({
      ...facts,
      preparation: node.task('j', 'jobpreparation'),
      authenticationToken: 'token',
      multiInstance: { addresses: ['10.0.0.4', '10.0.0.5'], isMaster: false, sharedDirectory: '/n/x' },
      applicationPackages: [{ applicationId: 'My.App', version: '1.0-b', path: '/n/applications/a' }],
    });
    expect(environment).toMatchObject({
      AZ_BATCH_JOB_PREP_DIR: '/n/workitems/j/job-1/jobpreparation',
      AZ_BATCH_JOB_PREP_WORKING_DIR: '/n/workitems/j/job-1/jobpreparation/wd',
      AZ_BATCH_AUTHENTICATION_TOKEN: 'token',
      AZ_BATCH_NODE_LIST: '10.0.0.4;10.0.0.5',
      AZ_BATCH_HOST_LIST: '10.0.0.4,10.0.0.5',
      AZ_BATCH_MASTER_NODE: '10.0.0.4:6000',
      AZ_BATCH_IS_CURRENT_NODE_MASTER: 'false',
      AZ_BATCH_TASK_SHARED_DIR: '/n/x',
      CCP_NODES: '2 10.0.0.4 1 10.0.0.5 1',
      AZ_BATCH_APP_PACKAGE_My_App_1_0_b: '/n/applications/a',
    });
  });
});

describe('packageVariable', () => {
  it('leaves the version out when there is none', () => {
    expect(packageVariable('App')).toBe('AZ_BATCH_APP_PACKAGE_App');
  });

  it('keeps the case of the id, and takes nothing that no variable has', () => {
    expect(packageVariable('My-App', '1.0')).toBe('AZ_BATCH_APP_PACKAGE_My_App_1_0');
  });
});
