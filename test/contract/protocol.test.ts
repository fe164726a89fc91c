import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ROUTES } from '../../emulator/http/routes.ts';
import type { Emulator } from '../../emulator/server.ts';
import { raw } from './raw.ts';
import { type BatchClient, clientFor, refusal, startFast, UBUNTU } from './support.ts';

const POOLS = ['alpha', 'Beta', 'delta', 'gamma'];

describe('the protocol', () => {
  let emulator: Emulator;
  let client: BatchClient;

  beforeAll(async () => {
    emulator = await startFast();
    client = clientFor(emulator);
    for (const id of POOLS) {
      await client.pool.add({ id, vmSize: 'standard_d1', virtualMachineConfiguration: UBUNTU });
    }
  });
  afterAll(() => emulator.close());

  it('answers with the headers of the service', async () => {
    const { status, headers } = await raw(emulator, 'GET', '/pools/alpha', {
      headers: { 'client-request-id': 'mine', 'return-client-request-id': 'true' },
    });
    expect(status).toBe(200);
    expect(headers).toMatchObject({
      server: 'Microsoft-HTTPAPI/2.0',
      dataserviceversion: '3.0',
      'x-content-type-options': 'nosniff',
      'strict-transport-security': 'max-age=31536000; includeSubDomains',
      'content-type': 'application/json;odata=minimalmetadata',
      'transfer-encoding': 'chunked',
      'client-request-id': 'mine',
    });
    expect(headers['request-id']).toMatch(/^[0-9a-f-]{36}$/);
    expect(headers.etag).toMatch(/^0x[0-9A-F]{15}$/);
    expect(new Date(String(headers['last-modified'])).getTime()).toBeGreaterThan(0);
  });

  it('echoes the client request id only when asked to', async () => {
    const { headers } = await raw(emulator, 'GET', '/pools', { headers: { 'client-request-id': 'mine' } });
    expect(headers['client-request-id']).toBeUndefined();
  });

  it('derives the ETag from the last modification', async () => {
    const pool = await client.pool.get('alpha');
    const { json } = await raw(emulator, 'GET', '/pools/alpha');
    expect(json.eTag).toBe(pool.eTag);
    const [, seconds = '', fraction = ''] = /^(.*?)(?:\.(\d+))?Z$/.exec(String(json.lastModified)) ?? [];
    const ticks = BigInt(Date.parse(`${seconds}Z`)) * 10_000n + BigInt(fraction.padEnd(7, '0'));
    expect(BigInt(String(json.eTag))).toBe(ticks + 621_355_968_000_000_000n);
  });

  it('tells where an added resource is', async () => {
    const body = JSON.stringify({
      id: 'located',
      vmSize: 'standard_d1',
      virtualMachineConfiguration: UBUNTU,
    });
    const { status, headers, text } = await raw(emulator, 'POST', '/pools', { body });
    expect(status).toBe(201);
    expect(text).toBe('');
    expect(headers.location).toBe(`${emulator.endpoint}/pools/located`);
    expect(headers.dataserviceid).toBe(`${emulator.endpoint}/pools/located`);
    await client.pool.deleteMethod('located');
  });

  it.each([
    ['another key', { key: Buffer.alloc(64, 1).toString('base64') }, 403, 'AuthenticationFailed'],
    ['a clock 20 minutes off', { date: new Date(Date.now() - 20 * 60_000) }, 403, 'AuthenticationFailed'],
    ['another account', { headers: { authorization: 'SharedKey other:AAAA' } }, 403, 'AuthenticationFailed'],
    [
      'no form of authorization',
      { headers: { authorization: 'nonsense' } },
      400,
      'InvalidAuthenticationInfo',
    ],
    ['a bearer token', { headers: { authorization: 'Bearer abc' } }, 403, 'AuthenticationFailed'],
  ])('refuses %s', async (_name, options, status, code) => {
    const answer = await raw(emulator, 'GET', '/pools', options);
    expect(answer.status).toBe(status);
    expect(answer.json.code).toBe(code);
  });

  it('gives an error its form, its reason phrase and its values', async () => {
    const { status, reason, headers, json } = await raw(emulator, 'GET', '/pools/none');
    expect(status).toBe(404);
    expect(reason).toBe('The specified pool does not exist.');
    expect(headers['content-length']).toBeDefined();
    expect(json).toMatchObject({
      'odata.metadata': `${emulator.endpoint}/$metadata#Microsoft.Azure.Batch.Protocol.Entities.Container.errors/@Element`,
      code: 'PoolNotFound',
      message: {
        lang: 'en-US',
        value: expect.stringMatching(
          new RegExp(`^The specified pool does not exist\\.\nRequestId:${headers['request-id']}\nTime:.*Z$`),
        ),
      },
    });
    expect(json).not.toHaveProperty('values');
  });

  it('answers HEAD of what does not exist with the status alone', async () => {
    const { status, text } = await raw(emulator, 'HEAD', '/pools/none');
    expect([status, text]).toEqual([404, '']);
    expect((await raw(emulator, 'HEAD', '/pools/alpha')).status).toBe(200);
    expect((await client.pool.exists('alpha')).body).toBe(true);
    expect((await client.pool.exists('none')).body).toBe(false);
  });

  it.each([
    ['GET', '/pools?api-version=2030-01-01.1.0', 400, 'UnsupportedRequestVersion'],
    ['GET', '/pools?nonsense=1', 400, 'UnsupportedQueryParameter'],
    ['GET', '/pools?maxresults=0', 400, 'InvalidQueryParameterValue'],
    ['GET', '/pools?maxresults=1001', 400, 'InvalidQueryParameterValue'],
    ['GET', '/nodecounts?maxresults=11', 400, 'InvalidQueryParameterValue'],
    ['GET', '/pools?$filter=id%20eq', 400, 'InvalidQueryParameterValue'],
    ['GET', '/pools?$filter=nonsense%20eq%201', 400, 'InvalidQueryParameterValue'],
    ['GET', '/pools?$skiptoken=mine', 400, 'InvalidQueryParameterValue'],
    ['GET', '/nothing', 400, 'InvalidUri'],
    ['DELETE', '/pools', 405, 'UnsupportedHttpVerb'],
    ['GET', '/pools/%zz', 400, 'RequestUrlFailedToParse'],
  ])('%s %s is %i %s', async (method, target, status, code) => {
    const answer = await raw(emulator, method, target);
    expect([answer.status, answer.json.code]).toEqual([status, code]);
  });

  it('says which query parameter is wrong and why', async () => {
    const { json } = await raw(emulator, 'GET', '/pools?maxresults=0');
    expect(json.values).toEqual([
      { key: 'QueryParameterName', value: 'maxresults' },
      { key: 'QueryParameterValue', value: '0' },
      { key: 'Reason', value: 'MaxResults cannot be less than 1' },
    ]);
  });

  it.each([
    ['no JSON', '{', 'InvalidRequestBody'],
    ['a missing member', '{"id":"x"}', 'MissingRequiredProperty'],
    ['an unknown member', '{"id":"x","vmSize":"standard_d1","nonsense":1}', 'UnsupportedProperty'],
    ['a member of the wrong type', '{"id":"x","vmSize":7}', 'InvalidPropertyValue'],
  ])('refuses a body with %s', async (_name, body, code) => {
    const answer = await raw(emulator, 'POST', '/pools', { body });
    expect([answer.status, answer.json.code]).toEqual([400, code]);
  });

  it.each(['', 'a b', 'a/b', '..', 'a:b', 'x'.repeat(65)])('refuses the id %j', async (id) => {
    const body = JSON.stringify({ id, vmSize: 'standard_d1', virtualMachineConfiguration: UBUNTU });
    const answer = await raw(emulator, 'POST', '/pools', { body });
    expect([answer.status, answer.json.code]).toEqual([400, 'InvalidPropertyValue']);
    expect(answer.json.values).toContainEqual({ key: 'PropertyName', value: 'id' });
  });

  it('refuses a body above a mebibyte', async () => {
    const answer = await raw(emulator, 'POST', '/pools', { body: ' '.repeat(1_048_577) });
    expect([answer.status, answer.json.code]).toEqual([413, 'RequestBodyTooLarge']);
    expect(answer.json.values).toEqual([{ key: 'MaxLimit', value: '1048576' }]);
  });

  it('pages through a list in ordinal order by following the links', async () => {
    const ids: string[] = [];
    let page = await client.pool.list({ poolListOptions: { maxResults: 1 } });
    let pages = 1;
    ids.push(...page.map((pool) => pool.id ?? ''));
    while (page.odatanextLink !== undefined) {
      expect(page.odatanextLink).toMatch(
        /^http:\/\/127\.0\.0\.1:\d+\/pools\?.*\$skiptoken=WATV2:[^:]+:1\$1$/,
      );
      expect(page.odatanextLink).toContain('maxresults=1');
      page = await client.pool.listNext(page.odatanextLink);
      expect(page).toHaveLength(1);
      ids.push(...page.map((pool) => pool.id ?? ''));
      pages += 1;
    }
    expect(ids).toEqual(['Beta', 'alpha', 'delta', 'gamma']);
    expect(pages).toBe(4);
  });

  it('leaves of entities what is selected', async () => {
    const { json } = await raw(emulator, 'GET', '/pools?$select=id,%20vmSize');
    expect(json.value).toContainEqual({ id: 'alpha', vmSize: 'standard_d1' });
    const single = await raw(emulator, 'GET', '/pools/alpha?$select=id');
    expect(single.json).toEqual({
      'odata.metadata': `${emulator.endpoint}/$metadata#pools/@Element`,
      id: 'alpha',
    });
  });

  it('filters', async () => {
    const found = await client.pool.list({
      poolListOptions: { filter: "startswith(id,'de') or id eq 'gamma'" },
    });
    expect(found.map((pool) => pool.id)).toEqual(['delta', 'gamma']);
  });

  it('judges conditional headers', async () => {
    const { eTag } = await client.pool.get('alpha');
    const tag = String(eTag);
    const get = (headers: Record<string, string>) => raw(emulator, 'GET', '/pools/alpha', { headers });
    expect((await get({ 'if-match': tag })).status).toBe(200);
    expect((await get({ 'if-match': '0x0' })).status).toBe(412);
    expect((await get({ 'if-none-match': tag })).status).toBe(304);
    expect((await get({ 'if-none-match': '0x0' })).status).toBe(200);
    expect((await get({ 'if-modified-since': new Date(Date.now() + 60_000).toUTCString() })).status).toBe(
      304,
    );
    expect((await get({ 'if-unmodified-since': new Date(0).toUTCString() })).status).toBe(412);
    expect((await get({ 'if-match': tag, 'if-none-match': tag })).json.code).toBe(
      'MultipleConditionHeadersNotSupported',
    );
    const patch = (headers: Record<string, string>) =>
      raw(emulator, 'PATCH', '/pools/alpha', { headers, body: '{"metadata":[{"name":"a","value":"b"}]}' });
    expect((await patch({ 'if-none-match': tag })).json.code).toBe('ConditionNotMet');
    expect((await patch({ 'if-match': tag })).status).toBe(200);
    expect((await patch({ 'if-match': tag })).status).toBe(412);
  });

  it('compares ids without case and keeps their spelling', async () => {
    expect((await client.pool.get('BETA')).id).toBe('Beta');
    const again = client.pool.add({
      id: 'ALPHA',
      vmSize: 'standard_d1',
      virtualMachineConfiguration: UBUNTU,
    });
    expect(await refusal(again)).toMatchObject({ statusCode: 409, code: 'PoolExists' });
  });

  it('knows all operations of the API', () => {
    expect(ROUTES).toHaveLength(78);
    expect(new Set(ROUTES.map(({ id }) => id)).size).toBe(78);
  });
});

describe('with --entra', () => {
  it('takes a bearer token', async () => {
    const emulator = await startFast({ entra: true });
    const answer = await raw(emulator, 'GET', '/pools', { headers: { authorization: 'Bearer abc' } });
    expect(answer.status).toBe(200);
    await emulator.close();
  });
});
