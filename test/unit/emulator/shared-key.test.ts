import type { IncomingHttpHeaders } from 'node:http';
import { BatchSharedKeyCredentials } from '@azure/batch';
import { type HttpMethods, WebResource } from '@azure/ms-rest-js';
import { describe, expect, it } from 'vitest';
import { type SignedRequest, stringToSign, verifySharedKey } from '../../../emulator/http/shared-key.ts';
import { sign } from '../../../emulator/http/signature.ts';

const ACCOUNT = 'myaccount';
const KEY = Buffer.from('a secret that only the account knows').toString('base64');
const OTHER_KEY = Buffer.from('another secret').toString('base64');

/** Signs as the client does; `onWire` are headers that its HTTP layer adds after signing. */
async function clientRequest(
  method: HttpMethods,
  pathAndQuery: string,
  options: { headers?: Record<string, string>; body?: string; onWire?: Record<string, string> } = {},
): Promise<SignedRequest> {
  const resource = new WebResource(
    `http://127.0.0.1:8910${pathAndQuery}`,
    method,
    options.body,
    undefined,
    options.headers ?? {},
  );
  await new BatchSharedKeyCredentials(ACCOUNT, KEY).signRequest(resource);
  const headers: IncomingHttpHeaders = {};
  for (const header of resource.headers.headersArray()) headers[header.name.toLowerCase()] = header.value;
  for (const [name, value] of Object.entries(options.onWire ?? {})) headers[name] = value;
  return { method, rawUrl: pathAndQuery, headers };
}

const verify = (request: SignedRequest, now = new Date()) =>
  verifySharedKey(request, ACCOUNT, [OTHER_KEY, KEY], now);

describe('verifySharedKey with requests that @azure/batch signed', () => {
  it('accepts a GET without Content-Length', async () => {
    expect(
      verify(await clientRequest('GET', '/pools?api-version=2022-10-01.16.0&timeout=30')),
    ).toBeUndefined();
  });

  it('accepts a POST with a body', async () => {
    const body = '{"id":"é"}';
    const request = await clientRequest('POST', '/jobs?api-version=2022-10-01.16.0', {
      body,
      headers: { 'Content-Type': 'application/json; odata=minimalmetadata; charset=utf-8' },
      onWire: { 'content-length': String(Buffer.byteLength(body)) },
    });
    expect(verify(request)).toBeUndefined();
  });

  it('accepts an empty POST, which sends a Content-Length of 0', async () => {
    const request = await clientRequest('POST', '/jobs/j/terminate?api-version=2022-10-01.16.0', {
      onWire: { 'content-length': '0' },
    });
    expect(verify(request)).toBeUndefined();
  });

  it('accepts encoded paths, encoded queries in any order, conditions and ranges', async () => {
    const query =
      "?maxresults=10&api-version=2022-10-01.16.0&$filter=state%20eq%20'active'%20and%20id%20ge%20'a%2Bb'&$select=id%2Cstate";
    const request = await clientRequest('GET', `/jobs/j/tasks/t/files/wd%2Fa%20b.txt${query}`, {
      headers: {
        'ocp-range': 'bytes=0-9',
        'If-Match': '0x8DAD26B94F308ED',
        'If-Modified-Since': 'Tue, 29 Nov 2022 22:17:28 GMT',
      },
    });
    expect(verify(request)).toBeUndefined();
  });
});

describe('verifySharedKey', () => {
  it.each([
    ['method', (r: SignedRequest) => ({ ...r, method: 'DELETE' })],
    ['path', (r: SignedRequest) => ({ ...r, rawUrl: r.rawUrl.replace('pools', 'jobs') })],
    ['query', (r: SignedRequest) => ({ ...r, rawUrl: `${r.rawUrl}&maxresults=1` })],
    ['ocp header', (r: SignedRequest) => ({ ...r, headers: { ...r.headers, 'ocp-range': 'bytes=0-1' } })],
    ['content length', (r: SignedRequest) => ({ ...r, headers: { ...r.headers, 'content-length': '0' } })],
    ['condition', (r: SignedRequest) => ({ ...r, headers: { ...r.headers, 'if-match': '*' } })],
  ])('refuses a request whose %s changed after signing', async (_part, change) => {
    const failure = verify(change(await clientRequest('GET', '/pools?api-version=2022-10-01.16.0')));
    expect(failure).toMatchObject({ status: 403, code: 'AuthenticationFailed' });
    expect(failure?.detail).toContain('is not the same as any computed signature');
  });

  it('refuses a wrong key', async () => {
    const request = await clientRequest('GET', '/pools');
    expect(verifySharedKey(request, ACCOUNT, [OTHER_KEY], new Date())?.code).toBe('AuthenticationFailed');
  });

  it('refuses another account', async () => {
    const request = await clientRequest('GET', '/pools');
    expect(verifySharedKey(request, 'other', [KEY], new Date())?.detail).toContain("'myaccount'");
  });

  it('accepts 14 minutes of clock difference and refuses 20, either way', async () => {
    const request = await clientRequest('GET', '/pools');
    const sent = Date.parse(String(request.headers['ocp-date']));
    for (const direction of [1, -1]) {
      expect(verify(request, new Date(sent + direction * 14 * 60_000))).toBeUndefined();
      expect(verify(request, new Date(sent + direction * 20 * 60_000))?.detail).toContain('Date header');
    }
  });

  it('uses the Date header when there is no ocp-date', () => {
    const date = 'Tue, 29 Nov 2022 22:17:28 GMT';
    const request: SignedRequest = { method: 'GET', rawUrl: '/pools', headers: { date } };
    const authorization = `SharedKey ${ACCOUNT}:${sign(stringToSign(request, ACCOUNT), KEY)}`;
    expect(verify({ ...request, headers: { date, authorization } }, new Date(date))).toBeUndefined();
  });

  it('refuses absent and malformed credentials', () => {
    const ask = (authorization?: string) =>
      verify({
        method: 'GET',
        rawUrl: '/pools',
        headers: authorization === undefined ? {} : { authorization },
      });
    expect(ask()).toMatchObject({
      status: 400,
      code: 'MissingRequiredHeader',
      key: 'HeaderName',
      detail: 'Authorization',
    });
    expect(ask('SharedKey')).toMatchObject({ status: 400, code: 'InvalidAuthenticationInfo' });
    expect(ask('Basic abc')).toMatchObject({ status: 400, code: 'InvalidAuthenticationInfo' });
    expect(ask('SharedKey myaccount:')).toMatchObject({ status: 400 });
    expect(ask('SharedKey myaccount:zzzz')).toMatchObject({ status: 403 });
  });
});

describe('stringToSign', () => {
  it('lists the fixed headers, the ocp headers and the decoded query', () => {
    const text = stringToSign(
      {
        method: 'get',
        rawUrl: '/jobs/a%20b?timeout=30&Api-Version=1%2F2',
        headers: { 'ocp-date': 'D', date: 'ignored', 'content-type': 'json', 'content-length': '7' },
      },
      'acct',
    );
    expect(text).toBe(
      'GET\n\n\n7\n\njson\n\n\n\n\n\n\nocp-date:D\n/acct/jobs/a%20b\napi-version:1/2\ntimeout:30',
    );
  });
});
