import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Emulator } from '../../emulator/server.ts';
import { type RawAnswer, raw, rawOld } from './raw.ts';
import { addReadyPool, type BatchClient, clientFor, startFast, UBUNTU, until } from './support.ts';

/** The small facts of the wire that no SDK shows. */
describe('the wire', () => {
  let emulator: Emulator;
  let client: BatchClient;

  const post = (path: string, body?: object): Promise<RawAnswer> =>
    raw(emulator, 'POST', path, body === undefined ? {} : { body: JSON.stringify(body) });
  const get = async (path: string) => (await raw(emulator, 'GET', path)).json;
  const inState = (path: string, property: string, state: string) =>
    until(
      () => get(path),
      (entity) => entity[property] === state,
    );

  beforeAll(async () => {
    emulator = await startFast();
    client = clientFor(emulator);
    await addReadyPool(client, 'ready', 1);
    await client.job.add({ id: 'job', poolInfo: { poolId: 'ready' } });
    await client.job.add({ id: 'idle', poolInfo: { poolId: 'absent' } });
  });
  afterAll(() => emulator.close());

  it('sends empty successes in chunks, and the length of those without content', async () => {
    const added = await post('/jobs/idle/tasks', { id: 'chunked', commandLine: 'true' });
    expect([added.status, added.headers['transfer-encoding']]).toEqual([201, 'chunked']);
    expect(added.headers['content-length']).toBeUndefined();
    const ended = await post('/jobs/idle/tasks/chunked/terminate');
    expect([ended.status, ended.headers['content-length']]).toEqual([204, '0']);
  });

  it('sends no chunks to those who know none', async () => {
    await post('/jobs', { id: 'old', poolInfo: { poolId: 'absent' } });
    const [head = '', body = ''] = (await rawOld(emulator, 'GET', '/jobs/old')).split('\r\n\r\n');
    expect(head).toMatch(/^HTTP\/1\.\d 200 /);
    expect(head.toLowerCase()).not.toContain('chunked');
    expect(JSON.parse(body)).toMatchObject({ id: 'old' });
  });

  it('writes JSON in the lines of the service, whatever newlines are in it', async () => {
    const displayName = 'two\nlines';
    await post('/jobs', { id: 'lines', poolInfo: { poolId: 'absent' }, displayName });
    const { text } = await raw(emulator, 'GET', '/jobs/lines?$select=id,displayName,poolInfo');
    expect(text.split('\r\n')).toEqual([
      '{',
      `  "odata.metadata":"${emulator.endpoint}/$metadata#jobs/@Element","id":"lines","displayName":"two\\nlines","poolInfo":{`,
      '    "poolId":"absent"',
      '  }',
      '}',
    ]);
    const list = await raw(
      emulator,
      'GET',
      "/jobs?$select=id&$filter=id%20eq%20'lines'%20or%20id%20eq%20'job'",
    );
    expect(list.text.split('\r\n').slice(1)).toEqual([
      `  "odata.metadata":"${emulator.endpoint}/$metadata#jobs","value":[`,
      ...['    {', '      "id":"job"', '    },{', '      "id":"lines"', '    }', '  ]', '}'],
    ]);
    const none = await raw(emulator, 'GET', '/certificates');
    expect(none.text.split('\r\n').slice(2)).toEqual(['    ', '  ]', '}']);
  });

  it('shows members in the order of the service', async () => {
    await client.task.add('idle', { id: 'ordered', commandLine: 'true' });
    await client.task.terminate('idle', 'ordered');
    expect(Object.keys(await get('/jobs/idle/tasks/ordered'))).toEqual([
      ...['odata.metadata', 'id', 'url', 'eTag', 'creationTime', 'lastModified', 'state'],
      ...['stateTransitionTime', 'previousState', 'previousStateTransitionTime', 'commandLine'],
      ...['userIdentity', 'constraints', 'requiredSlots', 'executionInfo', 'nodeInfo'],
    ]);
    expect(Object.keys(await get('/jobs/idle'))).toEqual([
      ...['odata.metadata', 'id', 'url', 'eTag', 'lastModified', 'creationTime', 'state'],
      ...['stateTransitionTime', 'priority', 'maxParallelTasks', 'usesTaskDependencies'],
      ...['allowTaskPreemption', 'constraints', 'poolInfo', 'executionInfo', 'onAllTasksComplete'],
      'onTaskFailure',
    ]);
    expect(Object.keys(await get('/pools/ready'))).toEqual([
      ...['odata.metadata', 'id', 'url', 'eTag', 'lastModified', 'creationTime', 'state'],
      ...['stateTransitionTime', 'allocationState', 'allocationStateTransitionTime', 'vmSize'],
      ...['resizeTimeout', 'currentDedicatedNodes', 'targetDedicatedNodes', 'currentLowPriorityNodes'],
      ...['targetLowPriorityNodes', 'enableAutoScale', 'enableInterNodeCommunication', 'taskSlotsPerNode'],
      ...['taskSchedulingPolicy', 'virtualMachineConfiguration', 'currentNodeCommunicationMode'],
    ]);
  });

  it.each(['x', '0', '-1', '1.5', ''])('refuses a timeout of %j', async (timeout) => {
    const { status, json } = await raw(emulator, 'GET', `/pools?timeout=${timeout}`);
    expect([status, json.code]).toEqual([400, 'InvalidQueryParameterValue']);
    expect(json.values).toContainEqual({ key: 'QueryParameterName', value: 'timeout' });
  });

  it.each([
    ['/pools', 'foo'],
    ['/pools/ready', 'id,ID'],
    ['/pools/ready/nodes', 'nodeState'],
    ['/jobs', 'executionInfo/exitCode'],
    ['/jobs/idle/tasks', 'id,nodeinfo'],
    ['/jobschedules', 'poolInfo'],
    ['/certificates', 'id'],
  ])('refuses to select of %s what is not there: %s', async (path, select) => {
    const { status, json } = await raw(emulator, 'GET', `${path}?$select=${select}`);
    expect([status, json.code]).toEqual([400, 'InvalidQueryParameterValue']);
  });

  it('selects parts of lists and objects', async () => {
    const path =
      '/pools/ready?$select=virtualMachineConfiguration/imageReference/sku,startTask,metadata/name';
    const { virtualMachineConfiguration } = await get(path);
    expect(virtualMachineConfiguration).toEqual({ imageReference: { sku: '18.04-lts' } });
  });

  it('refuses metadata without a name', async () => {
    const body = { id: 'unnamed', poolInfo: { poolId: 'ready' }, metadata: [{ name: '', value: 'x' }] };
    const { status, json } = await post('/jobs', body);
    expect([status, json.code]).toEqual([400, 'EmptyMetadataKey']);
  });

  it.each([
    ['a duration below zero', { constraints: { maxWallClockTime: '-PT1M' } }, 'maxWallClockTime'],
    ['a name to show that is too long', { displayName: 'd'.repeat(1025) }, 'displayName'],
    ['an empty pool id', { poolInfo: { poolId: '' } }, 'poolId'],
    ['an id that no pool can have', { poolInfo: { poolId: 'a b' } }, 'poolId'],
  ])('refuses %s', async (_what, members, name) => {
    const { status, json } = await post('/jobs', { id: 'wrong', poolInfo: { poolId: 'ready' }, ...members });
    expect([status, json.code]).toEqual([400, 'InvalidPropertyValue']);
    expect(json.values).toContainEqual({ key: 'PropertyName', value: name });
  });

  const nat = (changes: object = {}) => ({
    ...{ name: 'web', protocol: 'tcp', backendPort: 80 },
    ...{ frontendPortRangeStart: 6000, frontendPortRangeEnd: 6039, ...changes },
  });
  const natPools = (...inboundNATPools: object[]) => ({
    networkConfiguration: { endpointConfiguration: { inboundNATPools } },
  });
  const second = { name: 'other', backendPort: 81, frontendPortRangeStart: 6040, frontendPortRangeEnd: 6080 };
  const rule = (priority: number) => ({
    networkSecurityGroupRules: [{ priority, access: 'allow', sourceAddressPrefix: '*' }],
  });
  const machine = (members: object) => ({ virtualMachineConfiguration: { ...UBUNTU, ...members } });
  const account = (linuxUserConfiguration: object) => ({
    userAccounts: [{ name: 'me', password: 'x', linuxUserConfiguration }],
  });

  it.each([
    [natPools(nat({ backendPort: 22 })), 'backendPort'],
    [natPools(nat({ name: '-x' })), 'name'],
    [natPools(nat({ frontendPortRangeEnd: 6038 })), 'frontendPortRangeEnd'],
    [
      natPools(nat({ frontendPortRangeStart: 49_990, frontendPortRangeEnd: 50_040 })),
      'frontendPortRangeStart',
    ],
    [natPools(nat(), nat({ ...second, frontendPortRangeStart: 6039 })), 'frontendPortRangeStart'],
    [natPools(nat(), nat({ ...second, name: 'WEB' })), 'name'],
    [natPools(nat(), nat({ ...second, backendPort: 80 })), 'backendPort'],
    [natPools(nat(rule(149))), 'priority'],
    [natPools(nat(rule(150)), nat({ ...second, ...rule(150) })), 'priority'],
    [natPools(...Array.from({ length: 6 }, () => nat())), 'inboundNATPools'],
    [machine({ windowsConfiguration: { enableAutomaticUpdates: true } }), 'windowsConfiguration'],
    [machine({ dataDisks: [{ lun: 64, diskSizeGB: 1 }] }), 'lun'],
    [machine({ imageReference: { virtualMachineImageId: '/i', publisher: 'p' } }), 'virtualMachineImageId'],
    [account({ uid: 5 }), 'linuxUserConfiguration'],
    [{ startTask: { commandLine: 'x', userIdentity: {} } }, 'userIdentity'],
  ])('refuses what no machine can be: %j', async (members, name) => {
    const body = { id: 'wrong', vmSize: 'standard_a1', virtualMachineConfiguration: UBUNTU, ...members };
    const { status, json } = await post('/pools', body);
    expect([status, json.code]).toEqual([400, 'InvalidPropertyValue']);
    expect(json.values).toContainEqual({ key: 'PropertyName', value: name });
  });

  it('takes what machines can be', async () => {
    const members = {
      ...natPools(nat(rule(150)), nat({ ...second, ...rule(151) })),
      ...account({ uid: 5, gid: 5 }),
      ...machine({
        dataDisks: [
          { lun: 0, diskSizeGB: 1 },
          { lun: 63, diskSizeGB: 1 },
        ],
      }),
      startTask: { commandLine: 'true', userIdentity: { username: 'me' } },
    };
    expect((await post('/pools', { id: 'right', vmSize: 'standard_a1', ...members })).status).toBe(201);
  });

  it('names the nodes of cloud services in their own way', async () => {
    const cloudServiceConfiguration = { osFamily: '4' };
    await post('/pools', {
      id: 'named',
      vmSize: 'small',
      cloudServiceConfiguration,
      targetDedicatedNodes: 2,
    });
    const nodes = await until(
      () => client.computeNode.list('named'),
      (list) => list.length === 2,
    );
    for (const { id } of nodes) expect(id).toMatch(/^tvm-\d+_[12]-\d{8}t\d{6}z$/);
  });

  it('runs what both shells know on nodes that would run Windows', async () => {
    const startTask = { commandLine: 'cmd /c echo %AZ_BATCH_POOL_ID%', waitForSuccess: true };
    await post('/pools', {
      ...{ id: 'windows', vmSize: 'small', cloudServiceConfiguration: { osFamily: '5' } },
      ...{ targetDedicatedNodes: 1, startTask },
    });
    const [node] = await until(
      () => client.computeNode.list('windows'),
      (list) => list[0]?.state === 'idle',
    );
    const { text } = await raw(emulator, 'GET', `/pools/windows/nodes/${node?.id}/files/startup/stdout.txt`);
    expect(text).toBe('windows\n');
  });

  it('lets a disabled job stay what it is when it is disabled again', async () => {
    await client.job.add({ id: 'twice', poolInfo: { poolId: 'absent' } });
    await post('/jobs/twice/disable', { disableTasks: 'requeue' });
    const { eTag, ...disabled } = await inState('/jobs/twice', 'state', 'disabled');
    expect((await post('/jobs/twice/disable', { disableTasks: 'wait' })).status).toBe(202);
    const again = await get('/jobs/twice');
    expect(again).toMatchObject({ ...disabled, lastModified: again.lastModified, previousState: 'active' });
    expect(again.eTag).not.toBe(eTag);
  });

  it('gives cloud services the latest version of their system', async () => {
    const cloudServiceConfiguration = { osFamily: '4' };
    await post('/pools', { id: 'cloud', vmSize: 'Small', cloudServiceConfiguration });
    const shown = { osFamily: '4', osVersion: '*' };
    expect(await get('/pools/cloud')).toMatchObject({ vmSize: 'small', cloudServiceConfiguration: shown });
    await post('/jobs', {
      id: 'auto',
      poolInfo: {
        autoPoolSpecification: {
          poolLifetimeOption: 'job',
          pool: {
            vmSize: 'small',
            cloudServiceConfiguration,
            userAccounts: [{ name: 'me', password: 'secret' }],
          },
        },
      },
    });
    const pool = { cloudServiceConfiguration: shown, userAccounts: [{ name: 'me' }] };
    const job = await get('/jobs/auto');
    expect(job).toMatchObject({ poolInfo: { autoPoolSpecification: { pool } } });
    expect(JSON.stringify(job)).not.toContain('secret');
  });

  it('shows the timeout of the latest resize', async () => {
    await post('/pools', { id: 'resized', vmSize: 'standard_a1', virtualMachineConfiguration: UBUNTU });
    await inState('/pools/resized', 'allocationState', 'steady');
    await post('/pools/resized/resize', { targetDedicatedNodes: 0, resizeTimeout: 'PT6M' });
    expect(await get('/pools/resized')).toMatchObject({ resizeTimeout: 'PT6M' });
    await inState('/pools/resized', 'allocationState', 'steady');
    await post('/pools/resized/resize', { targetDedicatedNodes: 0 });
    expect(await get('/pools/resized')).toMatchObject({ resizeTimeout: 'PT15M' });
  });

  it('tells which version of its image a node has', async () => {
    const [node] = await client.computeNode.list('ready');
    expect(node?.virtualMachineInfo?.imageReference).toEqual({
      ...UBUNTU.imageReference,
      version: 'latest',
      exactVersion: expect.stringMatching(/^18\.04\.\d{9}$/),
    });
  });

  it('tells no creation times of files, as nodes with Linux do not', async () => {
    await client.task.add('job', { id: 'files', commandLine: 'true' });
    await inState('/jobs/job/tasks/files', 'state', 'completed');
    const { headers } = await raw(emulator, 'HEAD', '/jobs/job/tasks/files/files/stdout.txt');
    expect(headers['ocp-batch-file-mode']).toBe('0o100644');
    expect(headers).not.toHaveProperty('ocp-creation-time');
    const { value } = await get('/jobs/job/tasks/files/files');
    expect(JSON.stringify(value)).toContain('lastModified');
    expect(JSON.stringify(value)).not.toContain('creationTime');
  });

  it('takes tasks in containers, keeps no passwords of them, and fails them when they start', async () => {
    const containerSettings = { imageName: 'busybox', registry: { username: 'me', password: 'secret' } };
    await post('/jobs/job/tasks', { id: 'contained', commandLine: 'true', containerSettings });
    const task = await inState('/jobs/job/tasks/contained', 'state', 'completed');
    expect(task).toMatchObject({
      containerSettings: { imageName: 'busybox', registry: { username: 'me' } },
      executionInfo: {
        result: 'failure',
        failureInfo: { category: 'UserError', code: 'ContainerMiscError' },
      },
    });
    expect(JSON.stringify(task)).not.toContain('secret');
  });

  it('takes any name of a container with a task, and says that it is wrong when the task starts', async () => {
    const resourceFiles = [{ autoStorageContainerName: 'containerName' }];
    const { status } = await post('/jobs/job/tasks', { id: 'named', commandLine: 'true', resourceFiles });
    expect(status).toBe(201);
    const task = await inState('/jobs/job/tasks/named', 'state', 'completed');
    expect(task.executionInfo).toMatchObject({ failureInfo: { code: 'ResourceContainerNotFound' } });
  });
});
