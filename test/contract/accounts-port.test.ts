import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SUBSCRIPTION } from '../../emulator/arm/names.ts';
import type { Emulator } from '../../emulator/server.ts';
import { createManagementPort } from '../../src/api/arm/accounts.ts';
import { createBatchPort } from '../../src/api/batch.ts';
import type { ManagementPort } from '../../src/api/port.ts';
import type { Exchange } from '../../src/api/wire/traffic.ts';
import { CredentialError, ServiceError } from '../../src/lib/errors.ts';
import type { Quota } from '../../src/resources/quota.ts';
import { startFast, until } from './support.ts';

const signal = new AbortController().signal;
let emulator: Emulator;
let port: ManagementPort;
const exchanges: Exchange[] = [];
let mainKey: string;

function connect(key: string): ManagementPort {
  return createManagementPort(
    { endpoint: emulator.endpoint, credential: { kind: 'shared key', key } },
    (exchange) => exchanges.push(exchange),
  );
}

async function names(): Promise<string[]> {
  const { rows } = await port.listPage('accounts', {}, {}, signal);
  return rows.map((row) => (row as { name: string }).name);
}

beforeAll(async () => {
  emulator = await startFast();
  mainKey = emulator.key;
  port = connect(mainKey);
});
afterAll(() => emulator.close());

describe('the port to Azure Resource Manager', () => {
  it('lists accounts with what their subscription is called, and the places where one can be', async () => {
    const { rows, next } = await port.listPage('accounts', {}, {}, signal);
    expect(next).toBeUndefined();
    expect(rows).toMatchObject([
      { name: 'azbdemo', subscription: 'azb emulator', properties: { provisioningState: 'Succeeded' } },
    ]);
    const ids = async (list: string) => (await port.listPage(list, {}, {}, signal)).rows;
    expect(await ids('subscriptions')).toMatchObject([
      { id: 'azb emulator', subscriptionId: SUBSCRIPTION.id },
    ]);
    expect(await ids('resourcegroups')).toMatchObject([{ name: 'azb' }]);
    expect(await ids('locations')).toContainEqual(expect.objectContaining({ name: 'westeurope' }));
    expect(await ids('storageaccounts')).toMatchObject([{ name: 'azbstorage' }]);
    expect(await port.get('accounts', {}, 'AZBDEMO', signal)).toMatchObject({ name: 'azbdemo' });
  });

  it('lists the sizes that a pool can have there with their cores and quota, and asks for them once', async () => {
    const sizes = async () => (await port.listPage('vmsizes', { account: 'azbdemo' }, {}, signal)).rows;
    const all = (await sizes()) as readonly { readonly name: string }[];
    expect(all).toContainEqual({
      name: 'Standard_D2_v2',
      family: 'standardDv2Family',
      vCPUs: 2,
      quota: 500,
    });
    const size = await port.get('vmsizes', { account: 'azbdemo' }, 'standard_d4s_v3', signal);
    expect(size).toMatchObject({ name: 'Standard_D4s_v3', vCPUs: 4, memory: 16 });
    await expect(port.get('vmsizes', { account: 'azbdemo' }, 'standard_d7', signal)).rejects.toThrow(
      'there is no VM size standard_d7',
    );
    const names = all.map(({ name }) => name);
    // Sizes of cloud services are none of virtual machines.
    expect(names.filter((name) => !name.startsWith('Standard_'))).toEqual([]);
    expect(names.indexOf('Standard_D2_v2')).toBeLessThan(names.indexOf('Standard_D11_v2'));
    const before = exchanges.length;
    await sizes();
    expect(exchanges).toHaveLength(before);
  });

  it('makes an account and its group, waits for it, opens it, and deletes it', async () => {
    const body = {
      name: 'made',
      resourceGroup: 'fresh',
      makeResourceGroup: true,
      location: 'West US',
      tags: { a: 'b' },
    };
    await port.add('accounts', {}, body, signal);
    expect(await names()).toContain('made');
    await port.settled('made', signal);
    expect(await port.get('accounts', {}, 'made', signal)).toMatchObject({
      location: 'westus',
      tags: { a: 'b' },
      properties: { provisioningState: 'Succeeded' },
    });
    const access = await port.access('made', signal);
    const data = createBatchPort(access);
    expect(data.account).toMatchObject({
      name: 'made',
      auth: 'shared key',
      source: 'Azure Resource Manager',
    });
    expect((await data.listPage('pools', {}, {}, signal)).rows).toEqual([]);
    await port.act({ resource: 'accounts', action: 'delete', scope: {}, id: 'made' }, signal);
    await port.settled('made', signal);
    expect(await names()).toEqual(['azbdemo']);
  });

  it('links a storage account by its name, and makes nothing where there is none of the name', async () => {
    const bodyWith = (storageAccountId: string) => ({
      name: 'linked',
      resourceGroup: 'azb',
      location: 'westus',
      properties: { autoStorage: { storageAccountId } },
    });
    await expect(port.add('accounts', {}, bodyWith('nosuch'), signal)).rejects.toMatchObject({
      message: 'the subscription has no storage account nosuch',
      next: 'azbstorage',
    });
    expect(await names()).toEqual(['azbdemo']);
    await port.add('accounts', {}, bodyWith('AzbStorage'), signal);
    await port.settled('linked', signal);
    expect(await port.get('accounts', {}, 'linked', signal)).toMatchObject({
      properties: {
        autoStorage: { storageAccountId: expect.stringMatching(/^\/subscriptions\/.*\/azbstorage$/) },
      },
    });
    await port.act({ resource: 'accounts', action: 'delete', scope: {}, id: 'linked' }, signal);
    await port.settled('linked', signal);
  });

  it('checks the name before anything is made, and says what is missing', async () => {
    const add = (body: object) => port.add('accounts', {}, body, signal);
    const place = { resourceGroup: 'azb', location: 'westus' };
    await expect(add({ ...place, name: 'azbdemo' })).rejects.toThrow(
      "An account named 'azbdemo' is already in use",
    );
    await expect(add({ ...place, name: 'X' })).rejects.toMatchObject({
      next: '3 to 24 lower-case letters and digits',
    });
    await expect(add(place)).rejects.toThrow('an account needs name');
    await expect(add({ ...place, name: 'new1', resourceGroup: 'none' })).rejects.toMatchObject({
      code: 'ResourceGroupNotFound',
      next: expect.stringContaining('az group create'),
    });
    await expect(add({ ...place, name: 'new2', subscription: 'other' })).rejects.toMatchObject({
      message: 'there is no subscription other',
      next: 'subscription: azb emulator',
    });
    await expect(add({ ...place, name: 'new3', properties: { poolAllocationMode: 'Odd' } })).rejects.toThrow(
      ServiceError,
    );
  });

  it('shows keys, has them regenerated, and opens no account by key that takes none', async () => {
    const body = { id: 'keyed', resourceGroup: 'azb', location: 'westus' };
    await port.add('accounts', {}, body, signal);
    await port.settled('keyed', signal);
    const before = await port.keys('keyed', signal);
    await port.act(
      { resource: 'accountkeys', action: 'regenerate', scope: { account: 'keyed' }, id: 'secondary' },
      signal,
    );
    const after = await port.keys('keyed', signal);
    expect(after.primary).toBe(before.primary);
    expect(after.secondary).not.toBe(before.secondary);
    expect(JSON.stringify(exchanges)).not.toContain(after.primary);
    // The key that is the token may be replaced too.
    const own = {
      resource: 'accountkeys',
      action: 'regenerate',
      scope: { account: 'azbdemo' },
      id: 'primary',
    };
    await port.act(own, signal);
    expect(await names()).toContain('azbdemo');
    mainKey = (await port.keys('azbdemo', signal)).primary;
    await port.add(
      'accounts',
      {},
      {
        name: 'entra',
        resourceGroup: 'azb',
        location: 'westus',
        properties: { allowedAuthenticationModes: ['AAD'] },
      },
      signal,
    );
    await port.settled('entra', signal);
    expect((await port.access('entra', signal)).credential).toEqual({
      kind: 'Entra ID',
      cloud: 'AzureCloud',
    });
  });

  it('tells quotas, and what is used of them where the account is the one behind the data plane', async () => {
    const data = createBatchPort({
      name: emulator.account,
      endpoint: emulator.endpoint,
      credential: { kind: 'shared key', key: mainKey },
      source: 'test',
    });
    const pool = (id: string, vmSize: string, dedicated: number, spot: number) => ({
      id,
      vmSize,
      targetDedicatedNodes: dedicated,
      targetLowPriorityNodes: spot,
      virtualMachineConfiguration: {
        imageReference: { publisher: 'canonical', offer: 'ubuntuserver', sku: '16.04-LTS' },
        nodeAgentSKUId: 'batch.node.ubuntu 16.04',
      },
    });
    await data.add('pools', {}, pool('d', 'STANDARD_D2_V2', 3, 0), signal);
    await data.add('pools', {}, pool('s', 'standard_nc6', 0, 2), signal);
    await data.add('jobs', {}, { id: 'j', poolInfo: { poolId: 'd' } }, signal);
    const used = async () => {
      const rows = (await port.quotas('azbdemo', data, signal)) as readonly Quota[];
      return Object.fromEntries(rows.map(({ name, used, quota }) => [name, [used, quota]]));
    };
    const told = await until(
      used,
      (rows) => rows['Spot cores']?.[0] === 12 && rows['dedicated cores']?.[0] === 6,
    );
    expect(told).toMatchObject({
      'dedicated cores': [6, 500],
      'Spot cores': [12, 500],
      pools: [2, 100],
      'active jobs and schedules': [1, 300],
      standardDv2Family: [6, 500],
      standardNCFamily: [0, 100],
    });
    const rows = (await port.quotas('azbdemo', data, signal)) as readonly Quota[];
    const row = (name: string) => rows.find((each) => each.name === name);
    const share = { pool: 'd', vmSize: 'standard_d2_v2', nodes: 3, cores: 6 };
    expect(row('dedicated cores')?.usedBy).toEqual([share]);
    expect(row('standardDv2Family')?.usedBy).toEqual([share]);
    expect(row('standardDv2Family')?.sizes?.slice(0, 3)).toEqual([
      { name: 'Standard_D1_v2', cores: 1 },
      { name: 'Standard_D2_v2', cores: 2 },
      { name: 'Standard_D3_v2', cores: 4 },
    ]);
    expect(row('Spot cores')?.usedBy).toEqual([{ pool: 's', vmSize: 'standard_nc6', nodes: 2, cores: 12 }]);
    expect(row('standardNCFamily')).toMatchObject({ used: 0, usedBy: [] });
    expect(row('pools')).not.toHaveProperty('usedBy');
    const [first] = (await port.quotas('azbdemo', undefined, signal)) as readonly Quota[];
    expect(first).toEqual({ name: 'dedicated cores', kind: 'cores', quota: 500, used: undefined });
  });

  it('does nothing that it was not asked for where it does not know an action', async () => {
    await names();
    const before = exchanges.length;
    for (const [resource, action] of [
      ['applications', 'publish'],
      ['packages', 'activate'],
      ['accountkeys', 'delete'],
      ['accounts', 'regenerate'],
    ] as const) {
      const scope = { account: 'azbdemo', application: 'app' };
      const asked = port.act({ resource, action, scope, id: 'primary' }, signal);
      await expect(asked).rejects.toThrow(`${resource} cannot be asked to ${action}`);
    }
    expect(exchanges).toHaveLength(before);
  });

  it('says in words who is refused, what is not there, and what nobody answers', async () => {
    const stranger = connect('c3RyYW5nZXI=');
    await expect(stranger.listPage('accounts', {}, {}, signal)).rejects.toThrow(CredentialError);
    await expect(stranger.listPage('accounts', {}, {}, signal)).rejects.toMatchObject({
      next: expect.stringContaining('AZB_ARM_ENDPOINT'),
    });
    await expect(port.keys('nobody', signal)).rejects.toMatchObject({ status: 404 });
    const nowhere = createManagementPort({
      endpoint: 'http://127.0.0.1:1',
      credential: { kind: 'shared key', key: 'aaaa' },
    });
    await expect(nowhere.listPage('accounts', {}, {}, signal)).rejects.toThrow(
      '127.0.0.1:1 refuses connections',
    );
    const gone = new AbortController();
    gone.abort(new Error('left'));
    await expect(port.listPage('accounts', {}, {}, gone.signal)).rejects.toThrow('left');
  });
});
