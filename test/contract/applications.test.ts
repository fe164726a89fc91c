import { once } from 'node:events';
import { request as httpRequest } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Emulator } from '../../emulator/server.ts';
import { makeZip } from '../support/zip.ts';
import { control } from './control.ts';
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

const program = (text: string) =>
  new Uint8Array(makeZip([{ name: 'bin/say', content: `#!/bin/sh\necho ${text}\n`, mode: 0o100755 }]));

describe('application packages', () => {
  let emulator: Emulator;
  let client: BatchClient;

  beforeAll(async () => {
    emulator = await startFast();
    client = clientFor(emulator);
    await control(emulator, 'PUT', 'applications/Tool/versions/1.0?default=true', program('one'));
    await control(emulator, 'PUT', 'applications/tool/versions/2.0', program('two'));
    await client.job.add({ id: 'j', poolInfo: { poolId: 'p' } });
  });
  afterAll(() => emulator.close());

  async function output(taskId: string): Promise<string> {
    const task = await completedTask(client, 'j', taskId);
    expect(task.executionInfo?.failureInfo).toBeUndefined();
    return readText((await client.file.getFromTask('j', taskId, 'stdout.txt')).readableStreamBody);
  }

  it('are listed', async () => {
    await control(emulator, 'PATCH', 'applications/tool', JSON.stringify({ displayName: 'A tool' }));
    expect([...(await client.application.list())]).toEqual([
      { id: 'Tool', versions: ['1.0', '2.0'], displayName: 'A tool' },
    ]);
    const { json } = await raw(emulator, 'GET', '/applications/TOOL');
    expect(json).toEqual({
      'odata.metadata': `${emulator.endpoint}/$metadata#getapplicationsummaryresponse/@Element`,
      id: 'Tool',
      versions: ['1.0', '2.0'],
      displayName: 'A tool',
    });
    expect(await refusal(client.application.get('none'))).toMatchObject({ code: 'ApplicationNotFound' });
  });

  it.each([[{ displayName: 5 }], [{ defaultVersion: false }], [{ displayName: 'x', owner: 'me' }]])(
    'are not described by %j',
    async (body) => {
      const { status } = await control(emulator, 'PATCH', 'applications/tool', JSON.stringify(body));
      expect(status).toBe(400);
      expect((await client.application.get('tool')).displayName).not.toBe('x');
    },
  );

  it('are described in any letters, in however many pieces they come', async () => {
    await control(emulator, 'PUT', 'applications/named/versions/1', program('x'));
    const bytes = new TextEncoder().encode(JSON.stringify({ displayName: 'für alle' }));
    const middle = bytes.indexOf(0xc3) + 1;
    const pieces = [bytes.subarray(0, middle), bytes.subarray(middle)];
    const url = `${emulator.endpoint}/_emulator/applications/named`;
    const authorization = `Basic ${Buffer.from(`${emulator.account}:${emulator.key}`).toString('base64')}`;
    const sent = httpRequest(url, { method: 'PATCH', headers: { authorization } });
    const answer = once(sent, 'response');
    for (const piece of pieces) sent.write(piece);
    sent.end();
    await answer;
    expect((await client.application.get('named')).displayName).toBe('für alle');
    await control(emulator, 'DELETE', 'applications/named');
  });

  it('are unpacked on the nodes of a pool, before its start task', async () => {
    await addReadyPool(client, 'p', 1, {
      applicationPackageReferences: [{ applicationId: 'tool' }, { applicationId: 'tool', version: '2.0' }],
      startTask: { commandLine: `/bin/sh -c '"$AZ_BATCH_APP_PACKAGE_tool"/bin/say'` },
    });
    const [node] = await client.computeNode.list('p');
    const { text } = await raw(emulator, 'GET', `/pools/p/nodes/${node?.id}/files/startup%2Fstdout.txt`);
    expect(text).toBe('one\n');
    await client.task.add('j', {
      id: 'pool',
      commandLine: `/bin/sh -c '"$AZ_BATCH_APP_PACKAGE_tool"/bin/say; "$AZ_BATCH_APP_PACKAGE_tool_2_0"/bin/say'`,
    });
    expect(await output('pool')).toBe('one\ntwo\n');
  });

  it('are unpacked for a task that asks for them', async () => {
    await control(emulator, 'PUT', 'applications/own/versions/a-1', program('mine'));
    await client.task.add('j', {
      id: 'own',
      commandLine: `/bin/sh -c '"$AZ_BATCH_APP_PACKAGE_own_a_1"/bin/say'`,
      applicationPackageReferences: [{ applicationId: 'own', version: 'a-1' }],
    });
    expect(await output('own')).toBe('mine\n');
  });

  it('fail a task before its command when there is none of them', async () => {
    await client.task.add('j', {
      id: 'without',
      commandLine: 'true',
      applicationPackageReferences: [{ applicationId: 'own' }],
    });
    const { executionInfo } = await completedTask(client, 'j', 'without');
    expect(executionInfo).toMatchObject({
      result: 'failure',
      failureInfo: { category: 'UserError', code: 'ApplicationPackageError' },
    });
    expect(executionInfo?.exitCode).toBeUndefined();
  });

  it('are demanded of a pool, new or changed', async () => {
    const refused = {
      statusCode: 409,
      code: 'InvalidApplicationPackageReferences',
      values: { none: 'The specified application package does not exist.' },
    };
    const applicationPackageReferences = [{ applicationId: 'none' }];
    const add = client.pool.add({
      id: 'x',
      vmSize: 'standard_d1_v2',
      virtualMachineConfiguration: UBUNTU,
      applicationPackageReferences,
    });
    expect(await refusal(add)).toEqual(refused);
    expect(await refusal(client.pool.patch('p', { applicationPackageReferences }))).toEqual(refused);
  });

  it('make a node unusable when they are gone by the time that it boots', async () => {
    await control(emulator, 'PUT', 'applications/brief/versions/1', program('x'));
    const applicationPackageReferences = [{ applicationId: 'brief', version: '1' }];
    await addReadyPool(client, 'q', 1, { applicationPackageReferences });
    expect((await control(emulator, 'DELETE', 'applications/brief')).status).toBe(204);
    await client.pool.resize('q', { targetDedicatedNodes: 2 });
    const nodes = await until(
      () => client.computeNode.list('q'),
      (list) => list.some(({ state }) => state === 'unusable'),
    );
    expect(nodes.find(({ state }) => state === 'unusable')?.errors?.[0]).toMatchObject({
      code: 'ApplicationPackageError',
    });
  });

  it('come only from whoever has the key, and only as archives', async () => {
    const target = `${emulator.endpoint}/_emulator/applications/evil/versions/1`;
    const anonymous = await fetch(target, { method: 'PUT', body: program('x') });
    expect(anonymous.status).toBe(400);
    const wrong = await control({ ...emulator, key: 'AAAA' }, 'PUT', 'applications/evil/versions/1');
    expect(wrong.status).toBe(403);
    const text = await control(emulator, 'PUT', 'applications/evil/versions/1', 'no archive');
    expect(text.status).toBe(400);
    expect(await text.text()).toContain('no zip archive');
    const climbing = await control(emulator, 'PUT', 'applications/..%2Fevil/versions/1', program('x'));
    expect(climbing.status).toBe(400);
    expect((await control(emulator, 'GET', 'applications/evil')).status).toBe(405);
    expect((await control(emulator, 'GET', 'nothing')).status).toBe(400);
    expect((await client.application.list()).map(({ id }) => id)).not.toContain('evil');
  });
});
