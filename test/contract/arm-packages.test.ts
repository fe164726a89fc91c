import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BatchManagementClient } from '@azure/arm-batch';
import { BlockBlobClient } from '@azure/storage-blob';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Emulator, startEmulator } from '../../emulator/server.ts';
import { Database, type Table } from '../../emulator/store/database.ts';
import { createManagementPort } from '../../src/api/arm/accounts.ts';
import { joinPorts } from '../../src/store/managed-port.ts';
import { azurite, connectionString } from '../support/storage-account.ts';
import { makeZip } from '../support/zip.ts';
import { accountPath, arm, managementClient } from './arm-support.ts';
import { addReadyPool, clientFor, completedTask, readText, startFast } from './support.ts';

const NEVER = new AbortController().signal;
const HOME = ['azb', 'azbdemo'] as const;
const FAST_POLL = { updateIntervalInMs: 20 };
const zip = (text: string) => makeZip([{ name: 'hello.txt', content: text }]);

/** Status and code of the refusal that a call ends in. */
async function refused(call: Promise<unknown>): Promise<string> {
  return call.then(
    () => 'not refused',
    ({ statusCode, code }: { statusCode?: number; code?: string }) => `${statusCode} ${code}`,
  );
}

interface KeptPackage {
  readonly account: string;
  readonly accountCreated: number;
  readonly application: string;
  readonly version: string;
}

/** Looks into the records of an emulator that has ended. */
async function withPackages<T>(data: string, look: (table: Table<KeptPackage>) => T): Promise<T> {
  const database = new Database(join(data, 'state'), false);
  const seen = look(database.table<KeptPackage>('packages'));
  await database.close();
  return seen;
}

function packagesIn(data: string): Promise<string[]> {
  return withPackages(data, (table) => [...table.range({})].map(({ value }) => value.account));
}

const elsewhere = azurite();

describe.each([
  ["the emulator's own storage account", undefined],
  ...(elsewhere === undefined ? [] : [['Azurite', connectionString(elsewhere)] as const]),
] as const)('application packages by way of %s', (_, autoStorage) => {
  let emulator: Emulator;
  let client: BatchManagementClient;
  let folder: string;

  beforeAll(async () => {
    emulator = await startFast({ autoStorage });
    client = managementClient(emulator);
    folder = await mkdtemp(join(tmpdir(), 'azb-packages-'));
    await client.applicationOperations.create(...HOME, 'Tool_1', { parameters: { displayName: 'A tool' } });
  });
  afterAll(async () => {
    await emulator.close();
    await rm(folder, { recursive: true });
  });

  const packages = () => client.applicationPackageOperations;
  const put = async (version: string, content: Buffer | string) => {
    const { storageUrl = '' } = await packages().create(...HOME, 'Tool_1', version);
    await new BlockBlobClient(storageUrl).upload(content, Buffer.byteLength(content));
    return storageUrl;
  };

  it('are pending until the archive is there and activated, and are then used by tasks', async () => {
    const created = await packages().create(...HOME, 'Tool_1', '1.0');
    expect(created).toMatchObject({ name: '1.0', state: 'Pending' });
    expect(created.storageUrlExpiry?.getTime()).toBeGreaterThan(Date.now() + 3_600_000);
    expect(created.storageUrl).toMatch(/\/app-tool-1-[0-9a-f]{40}\/Tool_1-1\.0-[0-9a-f-]{36}\?/);
    const activate = () => packages().activate(...HOME, 'tool_1', '1.0', { format: 'zip' });
    expect(await refused(activate())).toBe('409 ApplicationPackageBlobNotFound');
    expect((await packages().get(...HOME, 'Tool_1', '1.0')).state).toBe('Pending');
    for (const defaultVersion of ['1.0', 'none']) {
      const update = client.applicationOperations.update(...HOME, 'Tool_1', { defaultVersion });
      expect(await refused(update)).toBe('409 RequestedDefaultVersionNotActive');
    }
    const archive = zip('hello from the package\n');
    await new BlockBlobClient(created.storageUrl ?? '').upload(archive, archive.length);
    const active = await activate();
    expect(active).toMatchObject({ state: 'Active', format: 'zip' });
    expect(active.lastActivationTime).toBeInstanceOf(Date);
    await client.applicationOperations.update(...HOME, 'Tool_1', { defaultVersion: '1.0' });
    const batch = clientFor(emulator);
    await addReadyPool(batch, 'p', 1);
    await batch.job.add({ id: 'j', poolInfo: { poolId: 'p' } });
    await batch.task.add('j', {
      id: 't',
      commandLine: `/bin/sh -c 'cat "$(env | sed -n "s/^AZ_BATCH_APP_PACKAGE_[Tt][^=]*=//p" | head -1)/hello.txt"'`,
      applicationPackageReferences: [{ applicationId: 'Tool_1' }],
    });
    expect((await completedTask(batch, 'j', 't')).executionInfo?.exitCode).toBe(0);
    const output = await batch.file.getFromTask('j', 't', 'stdout.txt');
    expect(await readText(output.readableStreamBody)).toBe('hello from the package\n');
  });

  it('are listed and removed with what is in the storage account', async () => {
    const url = await put('2.0', zip('two'));
    const states = async () => {
      const found: string[] = [];
      for await (const { name, state } of packages().list(...HOME, 'Tool_1')) found.push(`${name} ${state}`);
      return found;
    };
    expect(await states()).toEqual(['1.0 Active', '2.0 Pending']);
    expect((await new BlockBlobClient(url).getProperties()).contentLength).toBe(zip('two').length);
    await packages().delete(...HOME, 'Tool_1', '2.0');
    expect(await states()).toEqual(['1.0 Active']);
    expect(await new BlockBlobClient(url).exists()).toBe(false);
    expect(await refused(packages().get(...HOME, 'Tool_1', '2.0'))).toBe('404 ApplicationPackageNotFound');
  });

  it('are refused when they are no archives, and in other formats', async () => {
    await put('3.0', 'no archive');
    const activate = (format: string) => packages().activate(...HOME, 'Tool_1', '3.0', { format });
    expect(await refused(activate('tar'))).toBe('400 InvalidRequestBody');
    expect(await refused(activate('zip'))).toBe('409 ApplicationPackageFormatInvalid');
    expect((await packages().get(...HOME, 'Tool_1', '3.0')).state).toBe('Pending');
    expect(await refused(packages().create(...HOME, 'Tool_1', 'no space'))).toBe('400 InvalidVersionName');
    expect(await refused(packages().create(...HOME, 'none', '1.0'))).toBe('404 ApplicationNotFound');
  });

  it('are published by azb, application and all', async () => {
    const path = join(folder, 'new.zip');
    const archive = zip('by azb');
    await writeFile(path, archive);
    const port = createManagementPort({
      endpoint: emulator.endpoint,
      credential: { kind: 'shared key', key: emulator.key },
    });
    const file = { path, size: archive.length, contentType: 'application/zip' };
    const told: number[] = [];
    const wanted = { application: 'fresh', version: '0.1', isDefault: true };
    await port.publish('azbdemo', wanted, file, (bytes) => told.push(bytes), NEVER);
    await port.publish('azbdemo', { ...wanted, version: '0.2', isDefault: false }, file, () => {}, NEVER);
    expect(told.at(-1)).toBe(archive.length);
    expect(await client.applicationOperations.get(...HOME, 'fresh')).toMatchObject({ defaultVersion: '0.1' });
    const { versions } = await clientFor(emulator).application.get('fresh');
    expect(versions).toEqual(['0.1', '0.2']);
  });

  describe('that could not be published by azb', () => {
    const publish = async (application: string, content: Buffer | string, signal = NEVER) => {
      const path = join(folder, 'failing.zip');
      await writeFile(path, content);
      const port = createManagementPort({
        endpoint: emulator.endpoint,
        credential: { kind: 'shared key', key: emulator.key },
      });
      const file = { path, size: (await stat(path)).size, contentType: undefined };
      const wanted = { application, version: '1', isDefault: true };
      return port.publish('azbdemo', wanted, file, () => {}, signal);
    };
    const applications = async () => {
      const names: (string | undefined)[] = [];
      for await (const { name } of client.applicationOperations.list(...HOME)) names.push(name);
      return names;
    };

    it('leave no application that was made for them', async () => {
      await expect(publish('never', 'this is no archive')).rejects.toThrow(/zip|archive|activat/i);
      expect(await applications()).not.toContain('never');
      // Another try makes both.
      await publish('never', zip('good'));
      expect(await applications()).toContain('never');
      await packages().delete(...HOME, 'never', '1');
      await client.applicationOperations.delete(...HOME, 'never');
    });

    it('leave none where the file cannot be read, or the upload is stopped', async () => {
      const gone = { path: join(folder, 'gone.zip'), size: 10, contentType: undefined };
      const port = createManagementPort({
        endpoint: emulator.endpoint,
        credential: { kind: 'shared key', key: emulator.key },
      });
      const wanted = { application: 'unread', version: '1', isDefault: true };
      await expect(port.publish('azbdemo', wanted, gone, () => {}, NEVER)).rejects.toThrow();
      expect(await applications()).not.toContain('unread');
      const stopped = new AbortController();
      const path = join(folder, 'stopped.zip');
      await writeFile(path, zip('x'));
      const file = { path, size: (await stat(path)).size, contentType: undefined };
      const publishing = port.publish(
        'azbdemo',
        { ...wanted, application: 'stopped' },
        file,
        () => stopped.abort(new Error('stopped')),
        stopped.signal,
      );
      await expect(publishing).rejects.toThrow('stopped');
      expect(await applications()).not.toContain('stopped');
    });

    it('leave an application that was there before, and its versions', async () => {
      await client.applicationOperations.create(...HOME, 'older', {});
      await packages().create(...HOME, 'older', '0');
      await expect(publish('older', 'this is no archive')).rejects.toThrow();
      expect(await applications()).toContain('older');
      expect((await packages().get(...HOME, 'older', '0')).state).toBe('Pending');
      for (const version of ['0', '1']) await packages().delete(...HOME, 'older', version);
      await client.applicationOperations.delete(...HOME, 'older');
    });
  });

  it('are listed by azb with the default one, which can be another, and deleted', async () => {
    const management = createManagementPort({
      endpoint: emulator.endpoint,
      credential: { kind: 'shared key', key: emulator.key },
    });
    const port = joinPorts(undefined, management, 'azbdemo');
    const scope = { application: 'fresh' };
    const list = async () => {
      const { rows } = await port.listPage('packages', scope, {}, NEVER);
      return (rows as { name: string; isDefault: boolean; properties: { state: string } }[]).map(
        ({ name, isDefault, properties }) => `${name} ${properties.state} ${isDefault}`,
      );
    };
    const act = (action: string, id: string) => port.act({ resource: 'packages', action, scope, id }, NEVER);
    await packages().create(...HOME, 'fresh', '0.3');
    expect(await list()).toEqual(['0.1 Active true', '0.2 Active false', '0.3 Pending false']);
    await expect(act('makeDefault', '0.3')).rejects.toMatchObject({
      code: 'RequestedDefaultVersionNotActive',
    });
    await act('makeDefault', '0.2');
    await act('delete', '0.3');
    expect(await list()).toEqual(['0.1 Active false', '0.2 Active true']);
    const shown = await port.get('packages', scope, '0.2', NEVER);
    expect(shown).toMatchObject({ name: '0.2', isDefault: true });
    // Who shows it to others shows no address that opens the archive.
    expect(JSON.stringify(shown)).not.toContain('sig=');
    await packages().create(...HOME, 'fresh', '0.4-beta');
    expect(await port.get('packages', scope, '0.4-BETA', NEVER)).toMatchObject({ name: '0.4-beta' });
    await act('delete', '0.4-beta');
    await expect(port.get('packages', scope, '0.3', NEVER)).rejects.toMatchObject({ status: 404 });
  });

  it('keep their application even before they are activated', async () => {
    await client.applicationOperations.create(...HOME, 'begun', {});
    await packages().create(...HOME, 'begun', '1');
    const remove = () => client.applicationOperations.delete(...HOME, 'begun');
    expect(await refused(remove())).toBe('409 ApplicationPackagesNotEmpty');
    await packages().delete(...HOME, 'begun', '1');
    await remove();
    expect(await refused(client.applicationOperations.get(...HOME, 'begun'))).toBe('404 ApplicationNotFound');
  });

  it('are deleted though they are the default version, after which there is none', async () => {
    await client.applicationOperations.create(...HOME, 'defaulted', {});
    const { storageUrl = '' } = await packages().create(...HOME, 'defaulted', '1');
    await new BlockBlobClient(storageUrl).upload(zip('x'), zip('x').length);
    await packages().activate(...HOME, 'defaulted', '1', { format: 'zip' });
    const { defaultVersion } = await client.applicationOperations.update(...HOME, 'defaulted', {
      defaultVersion: '1',
    });
    expect(defaultVersion).toBe('1');
    await packages().delete(...HOME, 'defaulted', '1');
    expect((await client.applicationOperations.get(...HOME, 'defaulted')).defaultVersion).toBeUndefined();
    await client.applicationOperations.delete(...HOME, 'defaulted');
  });

  it('are deleted by azb, one at a time or with their application', async () => {
    const archive = zip('x');
    const path = join(folder, 'old.zip');
    await writeFile(path, archive);
    const port = createManagementPort({
      endpoint: emulator.endpoint,
      credential: { kind: 'shared key', key: emulator.key },
    });
    const file = { path, size: archive.length, contentType: undefined };
    for (const version of ['1', '2', '3'])
      await port.publish('azbdemo', { application: 'old', version, isDefault: true }, file, () => {}, NEVER);
    const versions = async () => (await clientFor(emulator).application.get('old')).versions;
    const remove = (action: string, args: object) =>
      port.act(
        {
          resource: 'applications',
          action,
          scope: { account: 'azbdemo' },
          id: 'old',
          args: args as Record<string, unknown>,
        },
        NEVER,
      );
    await remove('deleteVersion', { version: '2' });
    expect(await versions()).toEqual(['1', '3']);
    await expect(remove('deleteVersion', { version: '2' })).rejects.toMatchObject({ status: 404 });
    await expect(remove('delete', {})).rejects.toMatchObject({
      message: expect.stringContaining('has versions'),
      next: expect.stringContaining('azb delete application old --all-versions'),
    });
    expect(await versions()).toEqual(['1', '3']);
    await remove('delete', { versions: 'go with it' });
    expect(await refused(client.applicationOperations.get(...HOME, 'old'))).toBe('404 ApplicationNotFound');
  });

  it('need a storage account', async () => {
    await client.batchAccountOperations.beginCreateAndWait('azb', 'bare', { location: 'westus' }, FAST_POLL);
    await client.applicationOperations.create('azb', 'bare', 'tool', {});
    const create = packages().create('azb', 'bare', 'tool', '1');
    expect(await refused(create)).toBe('409 AutoStorageAccountNotConfigured');
    const port = createManagementPort({
      endpoint: emulator.endpoint,
      credential: { kind: 'shared key', key: emulator.key },
    });
    const wanted = { application: 'tool', version: '1', isDefault: false };
    const file = { path: join(folder, 'new.zip'), size: 1, contentType: undefined };
    await expect(port.publish('bare', wanted, file, () => {}, NEVER)).rejects.toMatchObject({
      next: expect.stringContaining('--storage-account'),
    });
  });
});

it('packages on their way are kept from run to run', async () => {
  const data = await mkdtemp(join(tmpdir(), 'azb-packages-'));
  try {
    const first = await startFast({ data });
    const before = managementClient(first);
    await before.applicationOperations.create(...HOME, 'tool', {});
    const { storageUrl = '' } = await before.applicationPackageOperations.create(...HOME, 'tool', '1');
    await new BlockBlobClient(storageUrl).upload(zip('kept'), zip('kept').length);
    await first.close();
    const second = await startEmulator({ data, speed: 40 });
    const after = managementClient(second);
    const active = await after.applicationPackageOperations.activate(...HOME, 'tool', '1', { format: 'zip' });
    expect(active.state).toBe('Active');
    const none = await arm(second, 'DELETE', accountPath('azbdemo', '/applications/tool/versions/9'));
    expect(none.status).toBe(204);
    await second.close();
  } finally {
    await rm(data, { recursive: true, force: true });
  }
});

it('packages go with their account, and those of accounts that are gone do not stay', async () => {
  const data = await mkdtemp(join(tmpdir(), 'azb-packages-'));
  try {
    const emulator = await startFast({ data });
    const client = managementClient(emulator);
    await client.applicationOperations.create(...HOME, 'tool', {});
    await client.applicationPackageOperations.create(...HOME, 'tool', '1');
    const { autoStorage } = await client.batchAccountOperations.get(...HOME);
    const account = {
      location: 'westus',
      autoStorage: { storageAccountId: autoStorage?.storageAccountId ?? '' },
    };
    await client.batchAccountOperations.beginCreateAndWait('azb', 'brief', account, FAST_POLL);
    await client.applicationOperations.create('azb', 'brief', 'tool', {});
    await client.applicationPackageOperations.create('azb', 'brief', 'tool', '1');
    await client.batchAccountOperations.beginDeleteAndWait('azb', 'brief', FAST_POLL);
    await emulator.close();
    expect(await packagesIn(data)).toEqual(['azbdemo']);
    await withPackages(data, (table) =>
      table.put('gone/tool/1', {
        account: 'gone',
        accountCreated: 1,
        application: 'tool',
        version: '1',
      }),
    );
    await (await startFast({ data })).close();
    expect(await packagesIn(data)).toEqual(['azbdemo']);
  } finally {
    await rm(data, { recursive: true, force: true });
  }
});
