import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Emulator } from '../../emulator/server.ts';
import { CER, PFX, PFX_PASSWORD, THUMBPRINT } from '../support/certificate.ts';
import { raw } from './raw.ts';
import {
  addReadyPool,
  type BatchClient,
  clientFor,
  completedTask,
  readText,
  refusal,
  startFast,
  UBUNTU,
  until,
} from './support.ts';

describe('certificates', () => {
  let directory: string;
  let emulator: Emulator;
  let client: BatchClient;

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'azb-certificates-'));
    emulator = await startFast({ data: directory });
    client = clientFor(emulator);
  });
  afterAll(async () => {
    await emulator.close();
    await rm(directory, { recursive: true, force: true });
  });

  const reference = { thumbprint: THUMBPRINT.toUpperCase(), thumbprintAlgorithm: 'sha1' };
  const add = (format: 'pfx' | 'cer', extra: object = {}) =>
    client.certificate.add({
      thumbprint: THUMBPRINT.toUpperCase(),
      thumbprintAlgorithm: 'SHA1',
      data: format === 'pfx' ? PFX : CER,
      certificateFormat: format,
      ...(format === 'pfx' ? { password: PFX_PASSWORD } : {}),
      ...extra,
    });
  const gone = () =>
    until(
      () => client.certificate.list(),
      (list) => list.length === 0,
    );

  it('show their public part and no more', async () => {
    for (const format of ['cer', 'pfx'] as const) {
      const added = await add(format);
      expect(added._response.status).toBe(201);
      const path = `/certificates(thumbprintAlgorithm=sha1,thumbprint=${THUMBPRINT})`;
      const address = `${emulator.endpoint}/certificates(ThumbprintAlgorithm=sha1,Thumbprint=${THUMBPRINT})`;
      expect(added._response.headers.get('location')).toBe(address);
      expect(added._response.headers.get('dataserviceid')).toBe(address);
      const { json, text } = await raw(emulator, 'GET', path);
      expect(json).toEqual({
        'odata.metadata': `${emulator.endpoint}/$metadata#certificates/@Element`,
        thumbprint: THUMBPRINT,
        thumbprintAlgorithm: 'sha1',
        url: `${emulator.endpoint}${path}`,
        state: 'active',
        stateTransitionTime: expect.any(String),
        publicData: CER,
      });
      expect(text).not.toContain(PFX_PASSWORD);
      expect(await refusal(add(format))).toMatchObject({ statusCode: 409, code: 'CertificateExists' });
      expect((await client.certificate.deleteMethod('sha1', THUMBPRINT))._response.status).toBe(202);
      await gone();
    }
    expect(await readdir(join(directory, 'certificates'))).toEqual([]);
  });

  it('are refused when they are not what they are called', async () => {
    const thumbprint = 'ab'.repeat(20);
    expect(await refusal(add('cer', { thumbprint }))).toMatchObject({
      statusCode: 400,
      code: 'InvalidPropertyValue',
      values: { PropertyName: 'thumbprint' },
    });
    expect(await refusal(add('cer', { thumbprintAlgorithm: 'md5' }))).toMatchObject({ statusCode: 400 });
    expect(await refusal(add('cer', { thumbprint: '../../x' }))).toMatchObject({ statusCode: 400 });
    expect(await refusal(client.certificate.get('sha1', thumbprint))).toMatchObject({
      statusCode: 404,
      code: 'CertificateNotFound',
    });
  });

  it('are demanded of a pool, and put where its tasks look for them', async () => {
    const pool = {
      id: 'x',
      vmSize: 'standard_d1_v2',
      virtualMachineConfiguration: UBUNTU,
      certificateReferences: [reference],
    };
    expect(await refusal(client.pool.add(pool))).toMatchObject({
      statusCode: 409,
      code: 'InvalidCertificateReferences',
    });
    await add('pfx');
    await addReadyPool(client, 'p', 1, { certificateReferences: [{ ...reference, visibility: ['task'] }] });
    const [node] = await client.computeNode.list('p');
    expect(node?.certificateReferences).toMatchObject([{ thumbprintAlgorithm: 'sha1' }]);
    await client.job.add({ id: 'j', poolInfo: { poolId: 'p' } });
    await client.task.add('j', {
      id: 't',
      commandLine: `/bin/sh -c 'cd "$AZ_BATCH_CERTIFICATES_DIR"; base64 -w0 sha1-${THUMBPRINT}.pfx; echo; cat sha1-${THUMBPRINT}.pfx.pw; ls -l; ls "$AZ_BATCH_NODE_STARTUP_DIR/certs"'`,
    });
    await completedTask(client, 'j', 't');
    const file = await client.file.getFromTask('j', 't', 'stdout.txt');
    const [data, rest] = (await readText(file.readableStreamBody)).split('\n', 2);
    expect(data).toBe(PFX);
    expect(rest).toMatch(new RegExp(`^${PFX_PASSWORD}`));
  });

  it('stay while a pool or a node has them, and can be taken into use again', async () => {
    await client.certificate.deleteMethod('sha1', THUMBPRINT);
    const failed = await until(
      () => client.certificate.get('sha1', THUMBPRINT),
      ({ state }) => state === 'deletefailed',
    );
    expect(failed).toMatchObject({
      previousState: 'deleting',
      deleteCertificateError: {
        code: 'PoolsReferencingCertificate',
        values: [{ name: 'Pools', value: 'p' }],
      },
    });
    const cancelled = await client.certificate.cancelDeletion('sha1', THUMBPRINT);
    expect(cancelled._response.status).toBe(204);
    const active = await client.certificate.get('sha1', THUMBPRINT);
    expect(active).toMatchObject({ state: 'active', previousState: 'deletefailed' });
    expect(active.deleteCertificateError).toBeUndefined();
    expect(await refusal(client.certificate.cancelDeletion('sha1', THUMBPRINT))).toMatchObject({
      statusCode: 409,
      code: 'CertificateStateActive',
    });
    // The node keeps what it was given when it booted.
    await client.pool.patch('p', { certificateReferences: [] });
    await client.certificate.deleteMethod('sha1', THUMBPRINT);
    await until(
      () => client.certificate.get('sha1', THUMBPRINT),
      ({ state }) => state === 'deletefailed',
    );
  });

  it('cannot be taken into use again while they are being deleted', async () => {
    // So slow that the deletion does not end while the test looks.
    const slow = await startFast({ speed: 0.01 });
    const other = clientFor(slow);
    const certificate = { thumbprint: THUMBPRINT, thumbprintAlgorithm: 'sha1', data: CER };
    await other.certificate.add({ ...certificate, certificateFormat: 'cer' });
    await other.certificate.deleteMethod('sha1', THUMBPRINT);
    expect(await refusal(other.certificate.cancelDeletion('sha1', THUMBPRINT))).toMatchObject({
      statusCode: 409,
      code: 'CertificateBeingDeleted',
    });
    await slow.close();
  });

  it('are deleted to the end by an emulator that is started again', async () => {
    await client.pool.resize('p', { targetDedicatedNodes: 0 });
    await until(
      () => client.computeNode.list('p'),
      (nodes) => nodes.length === 0,
    );
    await client.certificate.deleteMethod('sha1', THUMBPRINT);
    await emulator.close();
    emulator = await startFast({ data: directory });
    client = clientFor(emulator);
    await gone();
    await add('cer');
    const secret = await readFile(join(directory, 'certificates', `${THUMBPRINT}.json`), 'utf8');
    expect(JSON.parse(secret)).toEqual({ format: 'cer', data: CER });
  });
});
