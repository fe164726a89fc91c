import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Emulator, startEmulator } from '../../emulator/server.ts';
import { accountIn, containerSas, createContainer, writeBlob } from '../support/storage-account.ts';
import { accountPath, arm, managementClient, PROVIDER, SUBSCRIPTION_ID } from './arm-support.ts';
import { bundleEmulator, startProcess } from './emulator-process.ts';
import { raw } from './raw.ts';
import { addReadyPool, clientFor, completedTask, runningTask, startFast, until } from './support.ts';

const FAST_POLL = { updateIntervalInMs: 20 };

describe('accounts of the management plane', () => {
  let emulator: Emulator;
  beforeAll(async () => {
    emulator = await startFast();
  });
  afterAll(() => emulator.close());

  it('list the subscription, its regions, its groups and the account of the emulator', async () => {
    const { json: subscriptions } = await arm(emulator, 'GET', '/subscriptions?api-version=2022-12-01');
    expect(subscriptions).toMatchObject({ value: [{ subscriptionId: SUBSCRIPTION_ID, state: 'Enabled' }] });
    const { json: regions } = await arm(emulator, 'GET', `/subscriptions/${SUBSCRIPTION_ID}/locations`);
    expect(regions).toMatchObject({
      value: expect.arrayContaining([expect.objectContaining({ name: 'westeurope' })]),
    });
    const found = [];
    for await (const account of managementClient(emulator).batchAccountOperations.list()) found.push(account);
    expect(found).toMatchObject([
      {
        name: 'azbdemo',
        location: 'westeurope',
        provisioningState: 'Succeeded',
        accountEndpoint: emulator.endpoint,
      },
    ]);
  });

  it('are made by the SDK, run tasks of their own, and go again with all that they have', async () => {
    const { batchAccountOperations: accounts } = managementClient(emulator);
    const made = await accounts.beginCreateAndWait(
      'azb',
      'second',
      { location: 'North Europe', tags: { a: 'b' } },
      FAST_POLL,
    );
    expect(made).toMatchObject({
      name: 'second',
      location: 'northeurope',
      provisioningState: 'Succeeded',
      tags: { a: 'b' },
      poolAllocationMode: 'BatchService',
      dedicatedCoreQuota: 500,
      lowPriorityCoreQuota: 500,
      poolQuota: 100,
      activeJobAndJobScheduleQuota: 300,
      dedicatedCoreQuotaPerVMFamilyEnforced: true,
      publicNetworkAccess: 'Enabled',
      allowedAuthenticationModes: ['SharedKey', 'AAD', 'TaskAuthenticationToken'],
    });
    expect(made.accountEndpoint).not.toBe(emulator.endpoint);
    const { primary = '' } = await accounts.getKeys('azb', 'second');
    const address = { endpoint: made.accountEndpoint ?? '', account: 'second', key: primary };
    const client = clientFor(address);
    await addReadyPool(client, 'p', 1);
    await client.job.add({ id: 'j', poolInfo: { poolId: 'p' } });
    await client.task.add('j', { id: 't', commandLine: '/bin/sh -c "echo $AZ_BATCH_ACCOUNT_NAME"' });
    expect((await completedTask(client, 'j', 't')).executionInfo?.exitCode).toBe(0);
    expect(await clientFor(emulator).pool.list()).toHaveLength(0);
    await client.task.add('j', { id: 'endless', commandLine: 'sleep 1000' });
    await runningTask(client, 'j', 'endless');
    await accounts.beginDeleteAndWait('azb', 'second', FAST_POLL);
    expect((await arm(emulator, 'GET', accountPath('second'))).status).toBe(404);
    await expect(raw(address, 'GET', '/pools')).rejects.toThrow(/ECONNREFUSED/);
  });

  it('tell on the wire how a creation and a deletion go', async () => {
    const created = await arm(emulator, 'PUT', accountPath('wire'), { body: { location: 'westus' } });
    expect(created.status).toBe(202);
    expect(created.json).toBeUndefined();
    expect(created.headers.get('retry-after')).toBe('1');
    const location = created.headers.get('location') ?? '';
    expect(location).toMatch(
      /\/locations\/westus\/accountOperationResults\/wire-[-0-9a-f]{36}\?api-version=2023-11-01$/,
    );
    expect((await arm(emulator, 'GET', location)).status).toBe(202);
    const during = await arm(emulator, 'GET', accountPath('wire'));
    expect(during.json).toMatchObject({ properties: { provisioningState: 'Creating' } });
    expect((await arm(emulator, 'POST', accountPath('wire', '/listKeys'))).status).toBe(409);
    const done = await until(
      () => arm(emulator, 'GET', location),
      ({ status }) => status === 200,
    );
    expect(done.json).toMatchObject({ name: 'wire', properties: { provisioningState: 'Succeeded' } });
    const deleted = await arm(emulator, 'DELETE', accountPath('wire'));
    expect(deleted.status).toBe(202);
    const result = deleted.headers.get('location') ?? '';
    expect((await arm(emulator, 'GET', result)).status).toBe(202);
    await until(
      () => arm(emulator, 'GET', result),
      ({ status }) => status === 200,
    );
    expect((await arm(emulator, 'DELETE', accountPath('wire'))).status).toBe(204);
  });

  it('have keys that are in force as soon as they are made anew', async () => {
    const { batchAccountOperations: accounts } = managementClient(emulator);
    const made = await accounts.beginCreateAndWait('azb', 'keys', { location: 'westus' }, FAST_POLL);
    const address = { endpoint: made.accountEndpoint ?? '', account: 'keys' };
    const status = async (key = '') => (await raw({ ...address, key }, 'GET', '/pools')).status;
    const before = await accounts.getKeys('azb', 'keys');
    expect(await status(before.primary)).toBe(200);
    expect(await status(before.secondary)).toBe(200);
    const after = await accounts.regenerateKey('azb', 'keys', { keyName: 'Primary' });
    expect(after.secondary).toBe(before.secondary);
    expect(await status(before.primary)).toBe(403);
    expect(await status(after.primary)).toBe(200);
    expect(await status(before.secondary)).toBe(200);
    const bad = await arm(emulator, 'POST', accountPath('keys', '/regenerateKeys'), {
      body: { keyName: 'Third' },
    });
    expect(bad.status).toBe(400);
  });

  it('can be closed to shared keys', async () => {
    const { batchAccountOperations: accounts } = managementClient(emulator);
    const made = await accounts.beginCreateAndWait('azb', 'entraonly', { location: 'westus' }, FAST_POLL);
    const { primary = '' } = await accounts.getKeys('azb', 'entraonly');
    const address = { endpoint: made.accountEndpoint ?? '', account: 'entraonly', key: primary };
    await accounts.update('azb', 'entraonly', { allowedAuthenticationModes: ['AAD'] });
    expect((await raw(address, 'GET', '/pools')).status).toBe(403);
    expect((await arm(emulator, 'POST', accountPath('entraonly', '/listKeys'))).status).toBe(409);
  });

  it('show the quotas that pools of theirs run into', async () => {
    const { batchAccountOperations: accounts } = managementClient(emulator);
    const { dedicatedCoreQuotaPerVMFamily: families = [] } = await accounts.get('azb', 'azbdemo');
    const quotaOf = (name: string) => families.find((family) => family.name === name)?.coreQuota;
    expect(quotaOf('standardNCFamily')).toBe(100);
    expect(quotaOf('standardDv2Family')).toBe(500);
    const client = clientFor(emulator);
    await client.pool.add({
      id: 'gpu',
      vmSize: 'STANDARD_NC24',
      virtualMachineConfiguration: {
        imageReference: { publisher: 'canonical', offer: 'ubuntuserver', sku: '18.04-lts' },
        nodeAgentSKUId: 'batch.node.ubuntu 18.04',
      },
      targetDedicatedNodes: 5,
    });
    const pool = await until(
      () => client.pool.get('gpu'),
      ({ allocationState }) => allocationState === 'steady',
    );
    expect(pool.currentDedicatedNodes).toBe(4);
    expect(pool.resizeErrors).toMatchObject([
      {
        code: 'AccountVMSeriesCoreQuotaReached',
        values: [
          { name: 'VMSeries', value: 'standardNCFamily' },
          { name: 'CoreQuota', value: '100' },
          { name: 'CoresPerNode', value: '24' },
        ],
      },
    ]);
  });

  it('are in groups, which are made first', async () => {
    const group = `/subscriptions/${SUBSCRIPTION_ID}/resourceGroups/mine?api-version=2021-04-01`;
    const path = accountPath('grouped', '', 'mine');
    expect(await arm(emulator, 'PUT', path, { body: { location: 'westus' } })).toMatchObject({
      status: 404,
      json: { error: { code: 'ResourceGroupNotFound' } },
    });
    expect((await arm(emulator, 'PUT', group, { body: { location: 'westus' } })).status).toBe(201);
    expect((await arm(emulator, 'PUT', group, { body: { location: 'westus' } })).status).toBe(200);
    const { batchAccountOperations: accounts } = managementClient(emulator);
    await accounts.beginCreateAndWait('mine', 'grouped', { location: 'westus' }, FAST_POLL);
    const found = [];
    for await (const { name } of accounts.listByResourceGroup('mine')) found.push(name);
    expect(found).toEqual(['grouped']);
    expect(
      await arm(emulator, 'PUT', accountPath('grouped'), { body: { location: 'westus' } }),
    ).toMatchObject({
      status: 409,
      json: { error: { code: 'AccountAlreadyExists' } },
    });
    expect(await arm(emulator, 'PUT', path, { body: { location: 'eastus' } })).toMatchObject({ status: 409 });
    const again = await arm(emulator, 'PUT', path, { body: { location: 'westus', tags: { x: 'y' } } });
    expect(again).toMatchObject({ status: 200, json: { tags: { x: 'y' } } });
  });

  it('say which names are free, and how many accounts there may be', async () => {
    const { location } = managementClient(emulator);
    const type = 'Microsoft.Batch/batchAccounts' as const;
    const check = (name: string) => location.checkNameAvailability('westus', { name, type });
    expect(await check('free1')).toEqual({ nameAvailable: true });
    expect(await check('azbdemo')).toMatchObject({ nameAvailable: false, reason: 'AlreadyExists' });
    expect(await check('No-Good')).toMatchObject({ nameAvailable: false, reason: 'Invalid' });
    expect(await location.getQuotas('westus')).toEqual({ accountQuota: 50 });
    const sizes = [];
    for await (const size of location.listSupportedVirtualMachineSkus('westus')) sizes.push(size);
    expect(sizes).toContainEqual({
      name: 'Standard_NC4as_T4_v3',
      familyName: 'standardNCASv3_T4Family',
      capabilities: [{ name: 'vCPUs', value: '4' }],
    });
  });

  it('are opened by the key of the emulator alone', async () => {
    const { json: keys } = await arm(emulator, 'POST', accountPath('azbdemo', '/listKeys'));
    const none = await arm(emulator, 'GET', '/subscriptions', { token: '' });
    expect(none).toMatchObject({ status: 401, json: { error: { code: 'AuthenticationFailed' } } });
    expect(none.headers.get('www-authenticate')).toMatch(/^Bearer authorization_uri=/);
    const wrong = await arm(emulator, 'GET', '/subscriptions', { token: 'any' });
    expect(wrong).toMatchObject({ status: 401, json: { error: { code: 'InvalidAuthenticationToken' } } });
    const { secondary } = keys as { secondary: string };
    expect((await arm(emulator, 'GET', '/subscriptions', { token: secondary })).status).toBe(200);
  });

  it.each([
    ['GET', '/subscriptions?api-version=never', 400, 'InvalidApiVersionParameter'],
    ['GET', `${PROVIDER}/batchAccounts?api-version=2015-12-01`, 400, 'NoRegisteredProviderFound'],
    ['GET', '/subscriptions/other/resourceGroups', 404, 'SubscriptionNotFound'],
    ['GET', `${PROVIDER}/nothing`, 404, 'InvalidResourceType'],
    ['POST', `${PROVIDER}/batchAccounts`, 405, 'MethodNotAllowed'],
    ['GET', accountPath('nobody'), 404, 'ResourceNotFound'],
    ['GET', accountPath('azbdemo', '/pools'), 501, 'NotImplemented'],
    ['DELETE', accountPath('azbdemo'), 409, 'OperationNotAllowed'],
  ])('%s %s is answered with %s %s', async (method, target, status, code) => {
    expect(await arm(emulator, method, target)).toMatchObject({ status, json: { error: { code } } });
  });

  it('have keys to synchronise only where a storage account is linked', async () => {
    const { batchAccountOperations: accounts } = managementClient(emulator);
    await accounts.beginCreateAndWait('azb', 'unlinked', { location: 'westus' }, FAST_POLL);
    const synchronise = (name: string) => arm(emulator, 'POST', accountPath(name, '/syncAutoStorageKeys'));
    expect(await synchronise('unlinked')).toMatchObject({
      status: 409,
      json: { error: { code: 'AutoStorageAccountNotConfigured' } },
    });
    expect((await synchronise('azbdemo')).status).toBe(204);
    expect((await accounts.get('azb', 'azbdemo')).autoStorage?.storageAccountId).toMatch(/\/azbstorage$/);
  });

  it('take files from the storage account that they are linked to, and from none before', async () => {
    const { batchAccountOperations: accounts } = managementClient(emulator);
    const storage = accountIn(emulator.storageConnectionString);
    await createContainer(storage, 'linked-in');
    await writeBlob(containerSas(storage, 'linked-in', 'racwl'), 'x.txt', 'x');
    const storageAccountId = (await accounts.get('azb', 'azbdemo')).autoStorage?.storageAccountId ?? '';
    const made = await accounts.beginCreateAndWait('azb', 'linked', { location: 'westus' }, FAST_POLL);
    const { primary = '' } = await accounts.getKeys('azb', 'linked');
    const client = clientFor({ endpoint: made.accountEndpoint ?? '', account: 'linked', key: primary });
    await addReadyPool(client, 'p', 1);
    await client.job.add({ id: 'j', poolInfo: { poolId: 'p' } });
    const run = async (id: string) => {
      const resourceFiles = [{ autoStorageContainerName: 'linked-in' }];
      await client.task.add('j', { id, commandLine: 'cat x.txt', resourceFiles });
      return (await completedTask(client, 'j', id)).executionInfo;
    };
    expect((await run('before'))?.failureInfo?.code).toBe('ResourceContainerNotFound');
    await accounts.update('azb', 'linked', { autoStorage: { storageAccountId } });
    expect((await run('after'))?.exitCode).toBe(0);
  });

  it('ask for an api-version', async () => {
    const reply = await fetch(`${emulator.endpoint}/subscriptions`, {
      headers: { Authorization: `Bearer ${emulator.key}` },
    });
    expect(await reply.json()).toMatchObject({ error: { code: 'MissingApiVersionParameter' } });
  });

  it.each([
    [{}, 'LocationRequired'],
    [{ location: 'nowhere' }, 'LocationNotAvailableForResourceType'],
    [{ location: 'westus', tags: { a: 1 } }, 'InvalidRequestBody'],
    [
      { location: 'westus', properties: { autoStorage: { storageAccountId: '/x' } } },
      'AutoStorageAccountNotFound',
    ],
    [{ location: 'westus', properties: { poolAllocationMode: 'UserSubscription' } }, 'NotImplemented'],
    ['[', 'InvalidRequestContent'],
  ])('refuse %j as %s', async (body, code) => {
    const reply = await arm(emulator, 'PUT', accountPath('refused'), { body });
    expect(reply.json).toMatchObject({ error: { code } });
    expect((await arm(emulator, 'GET', accountPath('refused'))).status).toBe(404);
  });
});

describe('any token', () => {
  it('opens the management plane of an emulator with --entra', async () => {
    const emulator = await startFast({ entra: true });
    try {
      expect((await arm(emulator, 'GET', '/subscriptions', { token: 'any' })).status).toBe(200);
    } finally {
      await emulator.close();
    }
  });
});

describe('accounts with --data', () => {
  it('are there again after a restart, with keys, address and pools; one that was being made goes on', async () => {
    const data = await mkdtemp(join(tmpdir(), 'azb-arm-'));
    try {
      let emulator = await startFast({ data });
      const { batchAccountOperations: accounts } = managementClient(emulator);
      const made = await accounts.beginCreateAndWait('azb', 'kept', { location: 'westus' }, FAST_POLL);
      const keys = await accounts.regenerateKey('azb', 'kept', { keyName: 'Secondary' });
      const address = { endpoint: made.accountEndpoint ?? '', account: 'kept', key: keys.secondary ?? '' };
      await addReadyPool(clientFor(address), 'p', 0);
      await emulator.close();
      emulator = await startEmulator({ data, speed: 0.001 });
      expect((await clientFor(address).pool.get('p')).id).toBe('p');
      expect((await arm(emulator, 'PUT', accountPath('slow'), { body: { location: 'westus' } })).status).toBe(
        202,
      );
      expect((await arm(emulator, 'DELETE', accountPath('kept'))).status).toBe(202);
      await emulator.close();
      emulator = await startFast({ data });
      await until(
        () => arm(emulator, 'GET', `${PROVIDER}/batchAccounts`),
        ({ json }) =>
          JSON.stringify(
            (json as { value: { name: string; properties: object }[] }).value.map(({ name }) => name),
          ) === '["azbdemo","slow"]',
      );
      await until(
        () => arm(emulator, 'GET', accountPath('slow')),
        ({ json }) =>
          (json as { properties: { provisioningState: string } }).properties.provisioningState ===
          'Succeeded',
      );
      expect(await readdir(join(data, 'accounts'))).toEqual(['slow']);
      await emulator.close();
      expect(existsSync(join(data, 'accounts', 'slow', 'account-key'))).toBe(true);
    } finally {
      await rm(data, { recursive: true, force: true });
    }
  });

  it('and their keys survive kill -9; what ran there ends with the emulator', async () => {
    const data = await mkdtemp(join(tmpdir(), 'azb-arm-'));
    const bundle = await bundleEmulator('arm-accounts');
    try {
      const first = await startProcess(bundle, ['--port', '0', '--speed', '40', '--data', data]);
      const made = await arm(first, 'PUT', accountPath('killed'), { body: { location: 'westus' } });
      const location = made.headers.get('location') ?? '';
      const done = await until(
        () => arm(first, 'GET', location),
        ({ status }) => status === 200,
      );
      const { accountEndpoint } = (done.json as { properties: { accountEndpoint: string } }).properties;
      const { json } = await arm(first, 'POST', accountPath('killed', '/regenerateKeys'), {
        body: { keyName: 'Primary' },
      });
      const { primary } = json as { primary: string };
      const address = { endpoint: accountEndpoint, account: 'killed', key: primary };
      await addReadyPool(clientFor(address), 'p', 1);
      await clientFor(address).job.add({ id: 'j', poolInfo: { poolId: 'p' } });
      const note = join(data, 'pid');
      await clientFor(address).task.add('j', {
        id: 't',
        commandLine: `/bin/sh -c "echo $$ > ${note}; sleep 1000"`,
      });
      const pid = await until(
        async () => (existsSync(note) ? Number(readFileSync(note, 'utf8')) : 0),
        (number) => number > 0,
      );
      // What is not written down yet is only found at the next start.
      await until(
        async () =>
          readdirSync(data, { recursive: true }).some((name) => String(name).endsWith(`/${pid}.json`)),
        (isNoted) => isNoted,
      );
      await first.end('SIGKILL');
      await until(
        async () => isAlive(pid),
        (alive) => !alive,
      );
      const second = await startProcess(bundle, ['--port', '0', '--speed', '40', '--data', data]);
      expect((await clientFor(address).pool.get('p')).id).toBe('p');
      const { json: account } = await arm(second, 'GET', accountPath('killed'));
      expect(account).toMatchObject({ properties: { accountEndpoint, provisioningState: 'Succeeded' } });
      expect(await second.end('SIGTERM')).toBe(0);
    } finally {
      await rm(data, { recursive: true, force: true });
    }
  });
});

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
