import { request as httpRequest, type IncomingHttpHeaders } from 'node:http';
import { connect } from 'node:net';
import { stringToSign } from '../../emulator/http/shared-key.ts';
import { sign } from '../../emulator/http/signature.ts';
import type { Address } from './support.ts';

export interface RawAnswer {
  readonly status: number;
  readonly reason: string;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  readonly json: Record<string, unknown>;
}

export interface RawOptions {
  readonly body?: string;
  readonly headers?: Record<string, string>;
  readonly date?: Date;
  readonly key?: string;
}

/**
 * A signed request as no SDK would send it. `target` is path and query; the api-version is added unless the
 * query has one.
 */
export function raw(
  emulator: Address,
  method: string,
  target: string,
  options: RawOptions = {},
): Promise<RawAnswer> {
  const { rawUrl, headers, body } = signed(emulator, method, target, options);
  return send(emulator.endpoint, method, rawUrl, headers, body);
}

/** All that an HTTP/1.0 client without SDK sends and gets, status line and headers included. */
export function rawOld(emulator: Address, method: string, target: string): Promise<string> {
  const { rawUrl, headers } = signed(emulator, method, target, {});
  const { hostname, port } = new URL(emulator.endpoint);
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname);
    socket.on('error', reject);
    socket.write([`${method} ${rawUrl} HTTP/1.0`, ...lines, '', ''].join('\r\n'));
    const chunks: Buffer[] = [];
    socket.on('data', (chunk: Buffer) => chunks.push(chunk));
    socket.on('end', () => resolve(Buffer.concat(chunks).toString('utf8')));
  });
}

function signed(emulator: Address, method: string, target: string, options: RawOptions) {
  const separator = target.includes('?') ? '&' : '?';
  const rawUrl = /api-version/.test(target) ? target : `${target}${separator}api-version=2022-10-01.16.0`;
  const body = options.body ?? '';
  const headers: Record<string, string> = {
    'ocp-date': (options.date ?? new Date()).toUTCString(),
    ...(body === '' ? {} : { 'content-type': 'application/json; odata=minimalmetadata' }),
    ...(method === 'GET' || method === 'HEAD' ? {} : { 'content-length': String(Buffer.byteLength(body)) }),
    ...options.headers,
  };
  const text = stringToSign({ method, rawUrl, headers }, emulator.account);
  headers.authorization ??= `SharedKey ${emulator.account}:${sign(text, options.key ?? emulator.key)}`;
  return { rawUrl, headers, body };
}

function send(
  endpoint: string,
  method: string,
  path: string,
  headers: Record<string, string>,
  body: string,
): Promise<RawAnswer> {
  const { hostname, port } = new URL(endpoint);
  return new Promise((resolve, reject) => {
    const request = httpRequest({ hostname, port, path, method, headers }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () => {
        const text = Buffer.concat(chunks).toString('utf8');
        resolve({
          status: response.statusCode ?? 0,
          reason: response.statusMessage ?? '',
          headers: response.headers,
          text,
          json: text.startsWith('{') ? JSON.parse(text) : {},
        });
      });
    });
    request.on('error', reject);
    request.end(body);
  });
}
