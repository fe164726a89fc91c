import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ArmClient, ArmRequest } from '../../../../src/api/arm/arm-client.ts';
import { publishPackage } from '../../../../src/api/arm/packages.ts';
import { ServiceError, UnreachableError } from '../../../../src/lib/errors.ts';
import { type BlobServer, startBlobServer } from '../../../support/blob-server.ts';

const NEVER = new AbortController().signal;
const ACCOUNT = { id: '/a', name: 'a', location: 'b' };
const WANTED = { application: 'tool', version: '1', isDefault: true };
const MISSING = new ServiceError({ status: 404, code: 'ApplicationNotFound', message: 'there is none' });
const LOST = new UnreachableError('the connection broke');

let folder: string;
let server: BlobServer;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'azb-packages-'));
  await writeFile(join(folder, 'tool.zip'), 'tool');
  server = await startBlobServer();
  server.containers.set('packages', new Map());
});
afterAll(async () => {
  await server.close();
  await rm(folder, { recursive: true });
});

/** Publishes where some requests, by method and the end of their path, fail; gives what was asked. */
async function publish(failing: Readonly<Record<string, Error>>) {
  const asked: string[] = [];
  const send = async ({ method, path }: ArmRequest) => {
    const request = `${method} ${path.replace('/a/applications/', '')}`;
    asked.push(request);
    const failure = failing[request];
    if (failure !== undefined) throw failure;
    const storageUrl = server.sas('packages').replace('?', '/tool.zip?');
    return { status: 200, headers: {}, body: { properties: { storageUrl } } };
  };
  const file = { path: join(folder, 'tool.zip'), size: 4, contentType: undefined };
  const client = { send } as unknown as ArmClient;
  const failure = await publishPackage(client, ACCOUNT, WANTED, file, () => {}, NEVER).then(
    () => undefined,
    (error: unknown) => error,
  );
  return { asked, failure };
}

const TAKEN_BACK = ['DELETE tool/versions/1', 'DELETE tool'];

describe('a package that cannot be published', () => {
  test('has the application taken back that was made for it', async () => {
    const { asked, failure } = await publish({ 'GET tool': MISSING, 'PUT tool/versions/1': LOST });
    expect(failure).toBe(LOST);
    expect(asked).toEqual(['GET tool', 'PUT tool', 'PUT tool/versions/1', ...TAKEN_BACK]);
  });

  test('says what is left, and how to remove it, where that fails too', async () => {
    const failing = { 'GET tool': MISSING, 'PUT tool/versions/1': LOST, 'DELETE tool/versions/1': LOST };
    expect((await publish(failing)).failure).toMatchObject({
      message: 'the connection broke; the application tool was made for it, and is left without a package',
      next: 'try again, or remove it: azb delete application tool --all-versions',
    });
  });

  test('minds no version that is not there', async () => {
    const failing = { 'GET tool': MISSING, 'PUT tool/versions/1': LOST, 'DELETE tool/versions/1': MISSING };
    const { asked, failure } = await publish(failing);
    expect(failure).toBe(LOST);
    expect(asked).toContain('DELETE tool');
  });

  test('has the version taken back that was made for it, and leaves alone the application that was there', async () => {
    const failing = { 'GET tool/versions/1': MISSING, 'PUT tool/versions/1': LOST };
    const { asked, failure } = await publish(failing);
    expect(failure).toBe(LOST);
    expect(asked).toEqual([
      'GET tool',
      'GET tool/versions/1',
      'PUT tool/versions/1',
      'DELETE tool/versions/1',
    ]);
    expect((await publish({ ...failing, 'DELETE tool/versions/1': LOST })).failure).toMatchObject({
      message: 'the connection broke; version 1 of tool was made for it, and is left without a package',
      next: 'try again, or remove it: azb delete application tool --version 1',
    });
  });

  test('leaves alone a version that was there', async () => {
    const { asked, failure } = await publish({ 'PUT tool/versions/1': LOST });
    expect(failure).toBe(LOST);
    expect(asked).toEqual(['GET tool', 'GET tool/versions/1', 'PUT tool/versions/1']);
  });

  test('leaves alone what may have been activated', async () => {
    const { asked, failure } = await publish({ 'GET tool': MISSING, 'POST tool/versions/1/activate': LOST });
    expect(failure).toBe(LOST);
    expect(asked.filter((request) => request.startsWith('DELETE'))).toEqual([]);
    const refusal = new ServiceError({ status: 409, code: 'No', message: 'no archive' });
    const refused = await publish({ 'GET tool': MISSING, 'POST tool/versions/1/activate': refusal });
    expect(refused.failure).toBe(refusal);
    expect(refused.asked.slice(-2)).toEqual(TAKEN_BACK);
  });

  test('leaves alone what could only not be made the default', async () => {
    const { asked, failure } = await publish({ 'GET tool': MISSING, 'PATCH tool': LOST });
    expect(failure).toBe(LOST);
    expect(asked.filter((request) => request.startsWith('DELETE'))).toEqual([]);
  });
});
