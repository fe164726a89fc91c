import { describe, expect, it } from 'vitest';
import type { StoragePort } from '../../../../src/api/port.ts';
import { ServiceError } from '../../../../src/lib/errors.ts';
import { startPublish } from '../../../../src/store/actions/publish.ts';
import { showResults } from '../../../../src/store/actions/results.ts';
import { retryFailed } from '../../../../src/store/actions/run-operations.ts';
import { copyUrls, startSigning } from '../../../../src/store/actions/storage.ts';
import { folderOf, startUpload } from '../../../../src/store/actions/upload.ts';
import { EMPTY_FEED, topView } from '../../../../src/store/app-store.ts';
import { submitForm } from '../../../../src/store/forms/form-submit.ts';
import { setFieldValue } from '../../../../src/store/forms/forms.ts';
import { withOutputContainers } from '../../../../src/store/forms/output-containers.ts';
import { feedKey } from '../../../../src/store/keys-of.ts';
import type { Services } from '../../../../src/store/services.ts';
import { listView } from '../../../../src/store/views.ts';
import { type ScriptedManagement, scriptedManagement } from '../../../support/scripted-management.ts';
import { type StoreKitOptions, storeKit } from '../../../support/store-kit.ts';

const ENDPOINT = 'https://acct.blob.core.windows.net';

interface Sent {
  readonly path: string;
  readonly overwrite: boolean;
}

/** A storage account that remembers what was sent, and refuses the names given. */
function scriptedStorage(refused: ReadonlySet<string> = new Set()) {
  const sent: Sent[] = [];
  const storage: StoragePort = {
    account: { name: 'acct', endpoint: ENDPOINT, auth: 'shared key', source: 'test' },
    urlOf: ({ container, blob }) => [ENDPOINT, container, ...(blob === undefined ? [] : [blob])].join('/'),
    signedUrl: async (target, expires) =>
      `${storage.urlOf(target)}?${target.write === true ? 'write' : 'read'}&se=${expires.toISOString()}`,
    upload: async ({ path }, { size }, { overwrite, onProgress }) => {
      onProgress(size);
      if (refused.has(path)) {
        throw new ServiceError({ status: 409, code: 'BlobAlreadyExists', message: 'it is there' });
      }
      sent.push({ path, overwrite });
    },
  };
  return { storage, sent };
}

const FILES = ['a.txt', 'deep/b.txt', 'empty'].map((name) => ({
  path: `/home/me/${name}`,
  name,
  size: name === 'empty' ? 0 : 100,
  contentType: undefined,
}));

function kitWith(options: StoreKitOptions, files = FILES, links: readonly string[] = []) {
  const kit = storeKit(options);
  const asked: string[] = [];
  const services = kit.services as { host: Services['host'] };
  services.host = {
    ...services.host,
    findFiles: async (path, onLeft) => {
      asked.push(path);
      for (const name of links) onLeft?.({ name, why: 'a link that leads nowhere' });
      return files;
    },
  };
  return { ...kit, asked };
}

const missing = () =>
  Promise.reject(new ServiceError({ status: 404, code: 'ContainerNotFound', message: 'none' }));

describe('uploading', () => {
  const open = (refused?: ReadonlySet<string>) => {
    const { storage, sent } = scriptedStorage(refused);
    const view = listView('blobs', { container: 'input', folder: 'x/' });
    return { ...kitWith({ port: { storage }, view }), sent };
  };

  it('sends all that the path names below the folder, and looks again', async () => {
    const kit = open();
    startUpload(kit.services, 'input', 'x/');
    setFieldValue(kit.services, 'path', '~/data');
    await submitForm(kit.services);
    expect(kit.asked).toEqual(['~/data']);
    expect(kit.sent).toEqual(
      ['x/a.txt', 'x/deep/b.txt', 'x/empty'].map((path) => ({ path, overwrite: false })),
    );
    expect(kit.store.getState()).toMatchObject({
      overlay: undefined,
      flash: { text: 'Uploading 3 files to input: done' },
    });
    expect(kit.refreshes()).toBe(1);
  });

  it.each([
    [['old'], 'left out old, a link that leads nowhere'],
    [['old', 'older'], 'left out 2 links, such as old, a link that leads nowhere'],
  ])('says which links it left out: %s', async (links, said) => {
    const { storage } = scriptedStorage();
    const view = listView('blobs', { container: 'input' });
    const kit = kitWith({ port: { storage }, view }, FILES, links);
    startUpload(kit.services, 'input');
    setFieldValue(kit.services, 'path', '~/data');
    await submitForm(kit.services);
    expect(kit.store.getState().flash?.text).toBe(`Uploading 3 files to input: done; ${said}`);
  });

  it('shows what failed with its reason, and tries only that again', async () => {
    const refused = new Set(['x/a.txt']);
    const kit = open(refused);
    startUpload(kit.services, 'input', 'x/');
    setFieldValue(kit.services, 'path', 'data');
    await submitForm(kit.services);
    expect(kit.store.getState().overlay).toMatchObject({
      kind: 'bulk',
      state: 'ended',
      measure: 'bytes',
      failures: [{ id: 'x/a.txt', reason: 'it is there (BlobAlreadyExists)' }],
    });
    expect(kit.store.getState().flash?.text).toContain('try: u again, with overwrite for what exists');
    refused.clear();
    kit.sent.length = 0;
    await retryFailed(kit.services);
    expect(kit.sent).toEqual([{ path: 'x/a.txt', overwrite: false }]);
    expect(kit.store.getState().overlay).toBeUndefined();
  });

  it('overwrites when told so, and takes a prefix for a folder', async () => {
    const kit = open();
    startUpload(kit.services, 'input');
    setFieldValue(kit.services, 'path', 'data');
    setFieldValue(kit.services, 'prefix', 'new');
    setFieldValue(kit.services, 'existing', 'overwrite');
    await submitForm(kit.services);
    expect(kit.sent[0]).toEqual({ path: 'new/a.txt', overwrite: true });
    expect(folderOf('')).toBe('');
    expect(folderOf('a/')).toBe('a/');
  });

  it('stays a form when the path leads to nothing', async () => {
    const kit = open();
    startUpload(kit.services, 'input');
    await submitForm(kit.services);
    expect(kit.store.getState().overlay).toMatchObject({ kind: 'form', sending: false });
    expect(kit.asked).toEqual([]);
  });

  it('says so without a storage account', () => {
    const kit = kitWith({ view: listView('blobs', { container: 'input' }) });
    startUpload(kit.services, 'input');
    expect(kit.store.getState().overlay).toBeUndefined();
    expect(kit.store.getState().flash?.text).toContain('no storage account is configured');
  });
});

describe('URLs', () => {
  it('are copied plain, or signed for some hours', async () => {
    const { storage } = scriptedStorage();
    const kit = kitWith({ port: { storage } });
    copyUrls(kit.services, [
      { container: 'c', blob: 'a' },
      { container: 'c', blob: 'b' },
    ]);
    expect(kit.copied).toEqual([`${ENDPOINT}/c/a\n${ENDPOINT}/c/b`]);
    startSigning(kit.services, [{ container: 'c', blob: 'a' }]);
    setFieldValue(kit.services, 'hours', '2');
    await submitForm(kit.services);
    const expires = new Date(kit.timing.now() + 2 * 3_600_000).toISOString();
    expect(kit.copied[1]).toBe(`${ENDPOINT}/c/a?read&se=${expires}`);
    expect(kit.store.getState().flash?.text).toContain('it can be read with until');
  });

  it('are not signed for longer than Entra ID would', async () => {
    const { storage } = scriptedStorage();
    const kit = kitWith({ port: { storage } });
    startSigning(kit.services, [{ container: 'c' }]);
    setFieldValue(kit.services, 'hours', '169');
    await submitForm(kit.services);
    expect(kit.copied).toEqual([]);
    expect(kit.store.getState().overlay).toMatchObject({ kind: 'form' });
  });
});

describe('the containers of output files', () => {
  it('are made where they are not there, and signed to be written to', async () => {
    const { storage } = scriptedStorage();
    const exists = new ServiceError({ status: 409, code: 'ContainerAlreadyExists', message: 'there' });
    const kit = kitWith({ port: { storage, add: () => Promise.reject(exists) } });
    const file = (containerUrl: string) => ({ destination: { container: { containerUrl } } });
    const body = { id: 't', outputFiles: [file('results'), file('https://other/c?sig=x')] };
    const [sent] = await withOutputContainers(kit.port, 0, [body, body]);
    expect(kit.port.asked('add')).toEqual([['containers', {}, { name: 'results' }]]);
    expect(sent).toMatchObject({
      outputFiles: [
        {
          destination: { container: { containerUrl: expect.stringContaining(`${ENDPOINT}/results?write`) } },
        },
        { destination: { container: { containerUrl: 'https://other/c?sig=x' } } },
      ],
    });
    expect(await withOutputContainers(kit.port, 0, [{ id: 't' }])).toEqual([{ id: 't' }]);
  });
});

describe('results', () => {
  const outputs = (containerUrl: string, path: string) => ({
    outputFiles: [{ filePattern: '*', destination: { container: { containerUrl, path } } }],
  });

  async function results(resource: 'tasks' | 'jobs', port: StoreKitOptions['port']) {
    const { storage } = scriptedStorage();
    const scope = resource === 'tasks' ? { job: 'myjob' } : {};
    const kit = kitWith({ port: { storage, ...port }, view: { ...listView(resource, scope), cursor: 'it' } });
    const feed = {
      ...EMPTY_FEED,
      status: 'ready' as const,
      rows: [{ id: 'it' }],
      complete: true,
      updatedAt: 1,
    };
    kit.store.setState({ feeds: { [feedKey(resource, scope)]: feed } });
    showResults(kit.services);
    await kit.done();
    return { view: topView(kit.store.getState()), said: kit.store.getState().flash?.text };
  }

  it('of a task are where its output files go', async () => {
    const found = await results('tasks', { get: async () => outputs(`${ENDPOINT}/out?sig=x`, 'it') });
    expect(found.view).toMatchObject({
      kind: 'list',
      resource: 'blobs',
      scope: { container: 'out', folder: 'it/' },
    });
  });

  it('of a task may be in another storage account, which is said', async () => {
    const found = await results('tasks', {
      get: async () => outputs('https://other.blob.core.windows.net/out', 'it'),
    });
    expect(found.view).toMatchObject({ resource: 'tasks' });
    expect(found.said).toBe(
      'the results are in https://other.blob.core.windows.net/out, and azb looks at the storage account acct',
    );
  });

  it('of a task may be said to be where nothing can be', async () => {
    for (const path of ['%zz', '', 'a/b']) {
      const found = await results('tasks', { get: async () => outputs(`${ENDPOINT}/${path}`, 'it') });
      expect(found.view).toMatchObject({ resource: 'tasks' });
      expect(found.said, path).toContain('the results are in');
    }
  });

  it('of a task without output files are in the container of the job, or nowhere', async () => {
    const get = async (resource: string) => (resource === 'tasks' ? { id: 'it' } : { name: 'job-myjob' });
    expect((await results('tasks', { get })).view).toMatchObject({
      scope: { container: 'job-myjob', folder: 'it/' },
    });
    const none = async (resource: string) => (resource === 'tasks' ? { id: 'it' } : missing());
    expect((await results('tasks', { get: none })).said).toBe('it uploads nothing: it has no outputFiles');
  });

  it('of a job are in its container, or where its tasks upload to', async () => {
    expect((await results('jobs', { get: async () => ({ name: 'job-it' }) })).view).toMatchObject({
      scope: { container: 'job-it' },
    });
    const rows = [outputs(`${ENDPOINT}/out`, 't1'), outputs(`${ENDPOINT}/out`, 't2')];
    const listPage = async () => ({ rows, next: undefined, serverTime: 0 });
    expect((await results('jobs', { get: missing, listPage })).view).toMatchObject({
      scope: { container: 'out' },
    });
    const empty = async () => ({ rows: [], next: undefined, serverTime: 0 });
    expect((await results('jobs', { get: missing, listPage: empty })).said).toBe(
      'it has no container job-it, and its tasks have no outputFiles',
    );
  });
});

describe('a version of an application', () => {
  const open = (management: ScriptedManagement | undefined, files = [{ ...FILES[0]!, name: 'tool.zip' }]) => {
    const kit = kitWith({ view: { ...listView('applications', {}), cursor: 'tool' } }, files);
    const feed = {
      ...EMPTY_FEED,
      status: 'ready' as const,
      rows: [{ id: 'tool' }],
      complete: true,
      updatedAt: 1,
    };
    kit.store.setState({ feeds: { [feedKey('applications', {})]: feed } });
    Object.assign(kit.services, { management });
    startPublish(kit.services);
    return kit;
  };
  const fill = (kit: ReturnType<typeof open>) => {
    setFieldValue(kit.services, 'version', '1.0');
    setFieldValue(kit.services, 'path', '~/tool.zip');
    return submitForm(kit.services);
  };

  it('is made of one archive, for the application under the cursor', async () => {
    const management = scriptedManagement();
    const kit = open(management);
    await fill(kit);
    expect(management.calls).toMatchObject([
      {
        method: 'publish',
        args: [
          'contoso',
          { application: 'tool', version: '1.0', isDefault: true },
          { name: 'tool.zip' },
          expect.anything(),
        ],
      },
    ]);
    expect(kit.store.getState()).toMatchObject({
      overlay: undefined,
      flash: { text: 'Uploading tool 1.0: done' },
    });
    expect(kit.refreshes()).toBe(1);
  });

  it('is tried again when it failed', async () => {
    const management = scriptedManagement({
      publish: () => Promise.reject(new ServiceError({ status: 409, code: 'No', message: 'not now' })),
    });
    const kit = open(management);
    await fill(kit);
    expect(kit.store.getState().overlay).toMatchObject({
      failures: [{ id: 'tool 1.0', reason: 'not now (No)' }],
    });
    management.play({ publish: async () => undefined });
    await retryFailed(kit.services);
    expect(kit.store.getState().overlay).toBeUndefined();
  });

  it('is no directory, and needs Azure Resource Manager', async () => {
    const kit = open(scriptedManagement(), FILES);
    await fill(kit);
    expect(kit.store.getState().overlay).toMatchObject({
      kind: 'form',
      error: { message: '~/tool.zip is more than one file' },
    });
    expect(open(undefined).store.getState().flash?.text).toContain('Azure Resource Manager');
  });
});
