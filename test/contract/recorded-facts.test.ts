import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Emulator } from '../../emulator/server.ts';
import { type RawAnswer, raw } from './raw.ts';
import { addReadyPool, type BatchClient, clientFor, startFast, UBUNTU, until } from './support.ts';

type Json = Record<string, unknown>;

const WINDOWS = {
  imageReference: {
    publisher: 'MicrosoftWindowsServer',
    offer: 'WindowsServer',
    sku: '2016-Datacenter-smalldisk',
  },
  nodeAgentSKUId: 'batch.node.windows amd64',
};

/** What the recordings of the service's own SDK tests show (azure-sdk-for-python, sdk/batch, API version 2022-10-01.16.0). */
describe('recordings of the service show that', () => {
  let emulator: Emulator;
  let client: BatchClient;

  const call = (method: string, path: string, body?: object): Promise<RawAnswer> =>
    raw(emulator, method, path, body === undefined ? {} : { body: JSON.stringify(body) });
  const get = async (path: string): Promise<Json> => (await call('GET', path)).json;
  const addPool = async (id: string, members: object): Promise<Json> => {
    const body = { id, vmSize: 'standard_d2_v2', ...members };
    const { status, text } = await call('POST', '/pools', body);
    expect([status, text]).toEqual([201, '']);
    return get(`/pools/${id}`);
  };
  const steady = (id: string) =>
    until(
      () => get(`/pools/${id}`),
      ({ allocationState }) => allocationState === 'steady',
    );

  beforeAll(async () => {
    emulator = await startFast();
    client = clientFor(emulator);
    await addReadyPool(client, 'ready', 1);
  });
  afterAll(() => emulator.close());

  it('values that are no entities have metadata of their own, and tell what was acted on', async () => {
    const types = `${emulator.endpoint}/$metadata#Microsoft.Azure.Batch.Protocol.Entities`;
    const [{ id } = { id: '' }] = await client.computeNode.list('ready');
    const node = `/pools/ready/nodes/${id}`;
    const login = await call('GET', `${node}/remoteloginsettings`);
    expect(login.json['odata.metadata']).toBe(`${types}.RemoteLoginSettings`);
    expect(login.headers.dataserviceid).toBe(`${emulator.endpoint}${node}/remoteloginsettings`);
    const logs = await call('POST', `${node}/uploadbatchservicelogs`, {
      containerUrl: 'http://127.0.0.1:1/c',
      startTime: new Date().toISOString(),
    });
    expect(logs.json['odata.metadata']).toBe(`${types}.UploadBatchServiceLogsResult`);
    expect(logs.headers).not.toHaveProperty('dataserviceid');
    await addPool('formula', {
      virtualMachineConfiguration: UBUNTU,
      enableAutoScale: true,
      autoScaleFormula: '$TargetDedicatedNodes=0',
    });
    const path = '/pools/formula/evaluateautoscale';
    const run = await call('POST', path, { autoScaleFormula: '$TargetDedicatedNodes=3' });
    expect(run.json).toEqual({
      'odata.metadata': `${types}.AutoScaleRun`,
      timestamp: expect.any(String),
      results: '$TargetDedicatedNodes=3;$TargetLowPriorityNodes=0;$NodeDeallocationOption=requeue',
    });
    expect(run.headers.dataserviceid).toBe(`${emulator.endpoint}${path}`);
  });

  it('a request without an Authorization header is answered with 400', async () => {
    const answer = await fetch(`${emulator.endpoint}/pools?api-version=2022-10-01.16.0`);
    expect(answer.status).toBe(400);
    expect(answer.statusText).toBe("An HTTP header that's mandatory for this request is not specified.");
    expect(await answer.json()).toMatchObject({
      code: 'MissingRequiredHeader',
      values: [{ key: 'HeaderName', value: 'Authorization' }],
    });
  });

  it('a formula has an effect at once when autoscaling is enabled', async () => {
    await addPool('scaled', { virtualMachineConfiguration: UBUNTU });
    await steady('scaled');
    const body = { autoScaleFormula: '$TargetDedicatedNodes=1', autoScaleEvaluationInterval: 'PT06M00S' };
    const { headers } = await call('POST', '/pools/scaled/enableautoscale', body);
    expect(await get('/pools/scaled')).toMatchObject({
      eTag: headers.etag,
      allocationState: 'resizing',
      targetDedicatedNodes: 1,
      enableAutoScale: true,
      autoScaleEvaluationInterval: 'PT6M',
      autoScaleRun: {
        results: '$TargetDedicatedNodes=1;$TargetLowPriorityNodes=0;$NodeDeallocationOption=requeue',
      },
    });
  });

  it('a resize that is stopped has an error for each kind of node that it did not reach', async () => {
    // Slow enough that the resize cannot be over before it is stopped.
    const slow = await startFast({ speed: 2 });
    const body = JSON.stringify({
      ...{ id: 'p', vmSize: 'standard_d1', virtualMachineConfiguration: UBUNTU },
      ...{ targetDedicatedNodes: 1, targetLowPriorityNodes: 1 },
    });
    await raw(slow, 'POST', '/pools', { body });
    await raw(slow, 'POST', '/pools/p/stopresize');
    const { resizeErrors } = await until(
      async () => (await raw(slow, 'GET', '/pools/p')).json,
      ({ allocationState }) => allocationState === 'steady',
    );
    const message = (kind: string) =>
      `Desired number of ${kind} nodes could not be allocated due to a stop resize operation`;
    expect(resizeErrors).toEqual([
      { code: 'ResizeStopped', message: message('dedicated') },
      { code: 'ResizeStopped', message: message('low priority') },
    ]);
    await slow.close();
  });

  it('networks, disks and accounts are shown with their defaults', async () => {
    const rule = { priority: 150, access: 'allow', sourceAddressPrefix: '*' };
    const natPool = {
      ...{ name: 'TestEndpointConfig', protocol: 'udp', backendPort: 64_444 },
      ...{ frontendPortRangeStart: 60_000, frontendPortRangeEnd: 61_000 },
    };
    const endpoints = (sourcePortRanges: object) => ({
      endpointConfiguration: {
        inboundNATPools: [{ ...natPool, networkSecurityGroupRules: [{ ...rule, ...sourcePortRanges }] }],
      },
    });
    const linux = await addPool('linux', {
      virtualMachineConfiguration: { ...UBUNTU, dataDisks: [{ lun: 1, diskSizeGB: 50 }] },
      networkConfiguration: endpoints({}),
      userAccounts: [{ name: 'task-user', password: 'secret', elevationLevel: 'admin' }],
    });
    expect(linux).toMatchObject({
      virtualMachineConfiguration: {
        dataDisks: [{ lun: 1, caching: 'none', diskSizeGB: 50, storageAccountType: 'standard_lrs' }],
      },
      networkConfiguration: { dynamicVNetAssignmentScope: 'none', ...endpoints({ sourcePortRanges: ['*'] }) },
    });
    expect(linux.userAccounts).toEqual([{ name: 'task-user', elevationLevel: 'admin' }]);
    const userAccounts = [{ name: 'test-user', password: 'secret' }];
    const windows = await addPool('windows', { virtualMachineConfiguration: WINDOWS, userAccounts });
    expect(windows.userAccounts).toEqual([
      {
        name: 'test-user',
        elevationLevel: 'nonadmin',
        windowsUserConfiguration: { loginMode: 'batch' },
      },
    ]);
    const service = await addPool('service', { cloudServiceConfiguration: { osFamily: '4' }, userAccounts });
    expect(service.userAccounts).toMatchObject([{ windowsUserConfiguration: { loginMode: 'interactive' } }]);
  });

  const ofImage = (rest: string) => ({
    virtualMachineConfiguration: {
      imageReference: { virtualMachineImageId: `/subscriptions/s/resourceGroups/g/providers/${rest}` },
      nodeAgentSKUId: 'batch.node.ubuntu 18.04',
    },
  });

  it('the id of an image has one of three forms', async () => {
    const body = { id: 'odd', vmSize: 'standard_d2_v2' };
    const odd = ofImage('Microsoft.Compute/gallery/Fake/images/Fake/versions/version');
    const { status, json } = await call('POST', '/pools', { ...body, ...odd });
    expect([status, json.code]).toEqual([400, 'InvalidPropertyValue']);
    const compute =
      '/subscriptions/{subscriptionId}/resourceGroups/{resourceGroupName}/providers/Microsoft.Compute';
    const gallery = `${compute}/galleries/{galleryName}/images/{galleryImageName}`;
    expect(json.values).toEqual([
      { key: 'PropertyName', value: 'virtualMachineImageId' },
      {
        key: 'PropertyValue',
        value: odd.virtualMachineConfiguration.imageReference.virtualMachineImageId,
      },
      {
        key: 'Reason',
        value: `The specified resource id must be of the format ${compute}/images/{imageName}, ${gallery}/versions/{galleryImageVersionName}, or ${gallery}`,
      },
    ]);
    await addPool('own1', ofImage('Microsoft.Compute/images/i'));
    await addPool('own2', ofImage('Microsoft.Compute/galleries/g/images/i/versions/1.0.0'));
    await addPool('own3', ofImage('Microsoft.Compute/galleries/g/images/i'));
  });

  it.each([
    [
      'containers on an image without them',
      { virtualMachineConfiguration: { ...UBUNTU, containerConfiguration: { type: 'dockerCompatible' } } },
      'containerConfiguration',
      'The specified imageReference with publisher canonical offer ubuntuserver sku 18.04-lts does not support container feature.',
    ],
    [
      'accounts of Windows on Linux',
      {
        virtualMachineConfiguration: UBUNTU,
        userAccounts: [
          { name: 'testaccount', password: 'x', windowsUserConfiguration: { loginMode: 'interactive' } },
        ],
      },
      'windowsUserConfiguration',
      "The user configuration for user account 'testaccount' has a mismatch with the OS (Windows/Linux) configuration specified in VirtualMachineConfiguration",
    ],
  ])('%s are refused', async (_what, members, name, reason) => {
    const { status, json } = await call('POST', '/pools', { id: 'no', vmSize: 'standard_d2_v2', ...members });
    expect([status, json.code]).toEqual([400, 'InvalidPropertyValue']);
    expect(json.values).toEqual([
      { key: 'PropertyName', value: name },
      { key: 'Reason', value: reason },
    ]);
  });

  it('statistics of jobs have their numbers in this order', async () => {
    const { url: _url, startTime: _since, lastUpdateTime: _now, ...numbers } = await get('/lifetimejobstats');
    expect(Object.keys(numbers).join(' ')).toBe(
      'odata.metadata userCPUTime kernelCPUTime wallClockTime readIOps writeIOps readIOGiB writeIOGiB ' +
        'numTaskRetries numSucceededTasks numFailedTasks waitTime',
    );
  });

  it('some lists of a pool are not shown when they are empty', async () => {
    await addPool('lists', { virtualMachineConfiguration: UBUNTU });
    const members = { certificateReferences: [], applicationPackageReferences: [], metadata: [] };
    expect((await call('POST', '/pools/lists/updateproperties', members)).status).toBe(204);
    const pool = await get('/pools/lists');
    expect(pool.certificateReferences).toEqual([]);
    expect(pool).not.toHaveProperty('applicationPackageReferences');
    expect(pool).not.toHaveProperty('metadata');
  });

  it('a job whose pool could not be made names that pool, and says what is missing', async () => {
    const certificate = {
      thumbprint: '0123456789abcdef',
      thumbprintAlgorithm: 'sha1',
      storeLocation: 'localmachine',
    };
    const pool = {
      vmSize: 'small',
      cloudServiceConfiguration: { osFamily: '4' },
      certificateReferences: [certificate],
    };
    const autoPoolSpecification = {
      autoPoolIdPrefix: 'TestSpecPrefix',
      poolLifetimeOption: 'jobschedule',
      pool,
    };
    const jobSpecification = {
      jobManagerTask: { id: 'manager', commandLine: 'true' },
      jobPreparationTask: { commandLine: 'true' },
      jobReleaseTask: { commandLine: 'true' },
      poolInfo: { autoPoolSpecification },
    };
    await call('POST', '/jobschedules', { id: 'sched', schedule: {}, jobSpecification });
    const job = await get('/jobs/sched:job-1');
    expect(job).toMatchObject({
      state: 'completed',
      previousState: 'active',
      poolInfo: {
        autoPoolSpecification: { pool: { certificateReferences: [{ storeLocation: 'LocalMachine' }] } },
      },
    });
    expect(Object.keys(job.executionInfo as Json).slice(0, 3)).toEqual(['startTime', 'endTime', 'poolId']);
    expect(job.executionInfo).toEqual({
      startTime: job.lastModified,
      endTime: job.stateTransitionTime,
      poolId: expect.stringMatching(/^TestSpecPrefix_[0-9A-F-]{36}$/),
      schedulingError: {
        category: 'UserError',
        code: 'InvalidCertificatesInAutoPool',
        message: 'One or more certificates specified for the pool are invalid',
        details: [{ name: 'sha1-0123456789abcdef', value: 'The specified certificate does not exist.' }],
      },
    });
    const members = (name: string) => Object.keys(job[name] as object);
    expect(members('jobManagerTask')).toEqual([
      ...['id', 'commandLine', 'constraints', 'requiredSlots', 'userIdentity', 'runExclusive'],
      ...['allowLowPriorityNode', 'killJobOnCompletion'],
    ]);
    expect(members('jobPreparationTask')).toEqual([
      ...['id', 'commandLine', 'constraints', 'userIdentity', 'waitForSuccess'],
      'rerunOnNodeRebootAfterSuccess',
    ]);
    expect(members('jobReleaseTask')).toEqual([
      ...['id', 'commandLine', 'maxWallClockTime', 'retentionTime', 'userIdentity'],
    ]);
  });

  it('images are listed by publisher, offer and SKU, with what they can do', async () => {
    const images = (await get('/supportedimages')).value as {
      imageReference: Json;
      capabilities?: string[];
    }[];
    const names = images.map(({ imageReference: image }) => `${image.publisher}/${image.offer}/${image.sku}`);
    expect(names).toEqual([...new Set(names)].toSorted());
    const capabilitiesOf = (name: string) => images[names.indexOf(name)]?.capabilities;
    expect(capabilitiesOf('canonical/ubuntuserver/18.04-lts')).toBeUndefined();
    expect(capabilitiesOf('almalinux/almalinux-hpc/8_5-hpc-gen2')).toEqual([
      ...['SupportsRDMAOnly', 'IntelMPIRuntimeInstalled', 'Generation2VMImage'],
    ]);
    expect(capabilitiesOf('microsoftwindowsserver/windowsserver/2016-datacenter-gensecond')).toEqual([
      'Generation2VMImage',
    ]);
    expect(capabilitiesOf('microsoftwindowsserver/windowsserver/2019-datacenter-with-containers')).toEqual([
      'DockerCompatible',
    ]);
  });

  it('a job manager is tried again as often as its job says', async () => {
    await call('POST', '/jobs', {
      id: 'managed',
      constraints: { maxTaskRetryCount: 5 },
      jobManagerTask: { id: 'JobManager', commandLine: 'true' },
      poolInfo: { poolId: 'absent' },
    });
    const constraints = { retentionTime: 'P7D', maxTaskRetryCount: 5 };
    expect(await get('/jobs/managed')).toMatchObject({ jobManagerTask: { constraints } });
    expect(await get('/jobs/managed/tasks/JobManager')).toMatchObject({ constraints });
    await call('PATCH', '/jobs/managed', { constraints: { maxWallClockTime: 'P3Y6M4DT12H30M5S' } });
    expect(await get('/jobs/managed')).toMatchObject({
      constraints: { maxWallClockTime: 'P1279DT12H30M5S', maxTaskRetryCount: 0 },
      jobManagerTask: { constraints },
    });
  });
});
