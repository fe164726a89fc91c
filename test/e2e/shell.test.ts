import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer as createWebServer } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type AzbProcess, runAzb, startAzb } from '../support/azb-process.ts';
import { SERVER_CERTIFICATE, SERVER_KEY } from '../support/server-certificate.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const WORK = `
kind: pool
id: p
vmSize: Standard_A1_v2
targetDedicatedNodes: 1
virtualMachineConfiguration:
  imageReference: { publisher: canonical, offer: ubuntuserver, sku: 16.04-LTS }
  nodeAgentSKUId: batch.node.ubuntu 16.04
---
{ kind: job, id: j, poolInfo: { poolId: p } }
---
kind: task
job: j
id: t
commandLine: /bin/bash -c 'echo one; echo two; echo three'
`;

describe('without an account', () => {
  it('goes through the proxy that the environment names', async () => {
    const lines: string[] = [];
    const proxy = createServer((socket) => {
      socket.once('data', (request) => {
        lines.push(request.toString().split('\r\n')[0] ?? '');
        socket.end('HTTP/1.1 403 Forbidden\r\n\r\n');
      });
    }).listen(0, '127.0.0.1');
    await once(proxy, 'listening');
    const env = {
      HTTPS_PROXY: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`,
      AZURE_BATCH_ACCOUNT: 'a',
      AZURE_BATCH_ACCESS_KEY: 'a2V5',
      AZURE_BATCH_ENDPOINT: 'https://a.westeurope.batch.azure.com',
    };
    const { code, err } = await runAzb(['get', 'pools'], { env });
    proxy.close();
    expect(lines[0]).toBe('CONNECT a.westeurope.batch.azure.com:443 HTTP/1.1');
    expect([code, err]).toEqual([
      1,
      expect.stringMatching(/^azb: the proxy .* does not let this host be asked/),
    ]);
  });

  it('trusts an endpoint by its certificate, and says what to do about one that it does not know', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'azb-tls-'));
    const file = join(folder, 'certificate.pem');
    await writeFile(file, SERVER_CERTIFICATE);
    const server = createSecureServer({ cert: SERVER_CERTIFICATE, key: SERVER_KEY }, (_, response) => {
      response.setHeader('content-type', 'application/json').end('{"value":[{"id":"p","state":"active"}]}');
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const env = {
      AZURE_BATCH_ACCOUNT: 'a',
      AZURE_BATCH_ACCESS_KEY: 'a2V5',
      AZURE_BATCH_ENDPOINT: `https://localhost:${(server.address() as AddressInfo).port}`,
    };
    const line = ['get', 'pools', '-o', 'name'];
    const known = await runAzb(line, { env: { ...env, NODE_EXTRA_CA_CERTS: file } });
    const unknown = await runAzb(line, { env });
    server.close();
    await rm(folder, { recursive: true });
    expect(known).toEqual({ code: 0, out: 'p\n', err: '' });
    expect(unknown).toMatchObject({ code: 1, out: '' });
    expect(unknown.err).toMatch(
      /the certificate of localhost:\d+ is not trusted\n {2}try: .*NODE_EXTRA_CA_CERTS/,
    );
  });

  it.each([
    [['gte'], 2, /^azb: there is no command gte\n {2}try: azb get\n$/],
    [['--raedonly'], 2, /^azb: azb has no option --raedonly\n {2}try: azb --readonly\n$/],
    [['get'], 2, /^azb: azb get needs RESOURCE/],
    [[], 2, /^azb: the UI needs a terminal.*\n {2}try: azb get pools/],
    [['get', 'pools'], 1, /^azb: no Batch account is configured\n {2}try: azb demo/],
    [['emulator', '--prot', '0'], 2, /^azb: .*\n {2}try: /],
  ])('azb %j says what is wrong in two lines', async (args, code, err) => {
    const result = await runAzb(args);
    expect(result).toMatchObject({ code, out: '' });
    expect(result.err).toMatch(err);
    expect(result.err).not.toContain('    at ');
  });

  it('helps', async () => {
    const { code, out } = await runAzb(['help', 'logs']);
    expect([code, out]).toEqual([0, (await runAzb(['logs', '--help'])).out]);
    expect(out).toContain('--follow');
    expect((await runAzb(['help', 'emulator'])).out).toContain('--nodes-max');
    expect(await runAzb(['version'])).toMatchObject({ code: 0, out: (await runAzb(['--version'])).out });
  });

  it.skipIf(!existsSync('/dev/full'))('says that the disk is full, and not where in the program', () => {
    const line = `exec '${process.execPath}' '${join(ROOT, 'scripts', 'launch.mjs')}' help > /dev/full`;
    const { status, stderr } = spawnSync('bash', ['--norc', '-c', line], { encoding: 'utf8' });
    expect([status, stderr]).toEqual([
      1,
      expect.stringMatching(/^azb: what was printed is not whole: ENOSPC: .*\n {2}try: .*room\n$/),
    ]);
  });

  it('ends quietly when nobody reads on', () => {
    const line = `'${process.execPath}' '${join(ROOT, 'scripts', 'launch.mjs')}' help | true; echo "\${PIPESTATUS[0]}"`;
    const { stdout, stderr } = spawnSync('bash', ['--norc', '-c', line], { encoding: 'utf8' });
    expect([stdout, stderr]).toEqual(['0\n', '']);
  });
});

describe('on an emulator', () => {
  let emulator: AzbProcess;
  let env: NodeJS.ProcessEnv;
  let home: string;

  beforeAll(async () => {
    home = await mkdtemp(join(tmpdir(), 'azb-e2e-'));
    emulator = startAzb(['emulator', '--port', '0', '--speed', '100']);
    await emulator.untilOutput(/export AZURE_BATCH_ENDPOINT=.*\n/);
    env = Object.fromEntries(
      [...emulator.out().matchAll(/^export (\w+)=(.*)$/gm)].map(([, name, value]) => [name, value]),
    );
    const created = await runAzb(['create', '-f', '-'], { env, stdin: WORK });
    expect(created).toEqual({ code: 0, out: 'pool/p created\njob/j created\ntask/t created\n', err: '' });
  });
  afterAll(async () => {
    emulator.child.kill('SIGTERM');
    expect((await emulator.ended).code).toBe(0);
    await rm(home, { recursive: true });
  });

  it('follows a task to its end, then prints the end of its file', async () => {
    expect(await runAzb(['logs', 'j/t', '-f'], { env })).toMatchObject({ code: 0, out: 'one\ntwo\nthree\n' });
    expect(await runAzb(['logs', 'j/t', '--tail', '1'], { env })).toMatchObject({ code: 0, out: 'three\n' });
  });

  it('prints lists in every format', async () => {
    const get = async (...args: string[]) => (await runAzb(['get', ...args], { env })).out;
    expect(await get('pools')).toMatch(/^ID {3}STATE .*\np {4}active /);
    expect(await get('tasks', '-j', 'j', '-o', 'name')).toBe('t\n');
    expect(JSON.parse(await get('tasks', '-j', 'j', '-o', 'json'))).toHaveLength(1);
    expect(await get('job', 'j', '-o', 'yaml')).toMatch(/^id: j\n/);
    expect(await get('jobs', '-o', 'csv')).toMatch(/^id,state,.*\r\nj,active,/);
  });

  it('completes ids, quietly', async () => {
    expect(await runAzb(['__complete', 'get', 'tasks', '--job', ''], { env })).toEqual({
      code: 0,
      out: 'j\n',
      err: '',
    });
    expect(await runAzb(['__complete', 'logs', 'j/'], { env })).toMatchObject({ code: 0, out: 'j/t\n' });
    const nowhere = { ...env, AZURE_BATCH_ENDPOINT: 'http://127.0.0.1:1' };
    for (const without of [{}, nowhere])
      expect(await runAzb(['__complete', 'get', 'jobs', ''], { env: without })).toEqual({
        code: 0,
        out: '',
        err: '',
      });
  });

  it('completes nothing where a sign-in takes too long', async () => {
    const silent = createServer((socket) => socket.on('error', () => undefined)).listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const { AZURE_BATCH_ACCESS_KEY: _, ...unsigned } = env;
    const signIn = {
      IDENTITY_ENDPOINT: `http://127.0.0.1:${(silent.address() as AddressInfo).port}`,
      IDENTITY_HEADER: 'secret',
    };
    const asked = once(silent, 'connection');
    const completed = runAzb(['__complete', 'get', 'jobs', ''], { env: { ...unsigned, ...signIn } });
    await asked;
    expect(await completed).toEqual({ code: 0, out: '', err: '' });
    silent.close();
  }, 30_000);

  it('finds the account in the file of az', async () => {
    const azure = join(home, 'azure');
    await mkdir(azure);
    const { AZURE_BATCH_ACCOUNT, AZURE_BATCH_ACCESS_KEY, AZURE_BATCH_ENDPOINT } = env;
    await writeFile(
      join(azure, 'config'),
      `[batch]\naccount = ${AZURE_BATCH_ACCOUNT}\nendpoint = ${AZURE_BATCH_ENDPOINT}\nauth_mode = shared_key\naccess_key = ${AZURE_BATCH_ACCESS_KEY}\n`,
    );
    const result = await runAzb(['get', 'pools', '-o', 'name'], { env: { AZURE_CONFIG_DIR: azure } });
    expect(result).toEqual({ code: 0, out: 'p\n', err: '' });
  });

  it('works with a configuration that is partly wrong, and names the line', async () => {
    const xdg = join(home, 'xdg');
    await mkdir(join(xdg, 'azb'), { recursive: true });
    await writeFile(join(xdg, 'azb', 'config.yaml'), 'readOnly: true\nrefreshSeconds: soon\n');
    const own = { ...env, XDG_CONFIG_HOME: xdg };
    const listed = await runAzb(['get', 'pools', '-o', 'name'], { env: own });
    expect(listed).toMatchObject({ code: 0, out: 'p\n' });
    expect(listed.err).toMatch(/config\.yaml:2: refreshSeconds must be a number/);
    const refused = await runAzb(['delete', 'pool', 'p', '--yes'], { env: own });
    expect(refused.code).toBe(1);
    expect(refused.err).toContain('read-only');
  });

  it('tells the webhook of the configuration what it waited for', async () => {
    const told: unknown[] = [];
    const server = createWebServer((request, response) => {
      let text = '';
      request.on('data', (chunk: Buffer) => {
        text += chunk.toString();
      });
      request.on('end', () => {
        told.push(JSON.parse(text));
        response.writeHead(told.length === 1 ? 200 : 410).end('ok');
      });
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
    const xdg = join(home, 'webhook');
    await mkdir(join(xdg, 'azb'), { recursive: true });
    const file = join(xdg, 'azb', 'config.yaml');
    await writeFile(file, `notify: { webhook: "http://${host}/T0/secret" }\n`, { mode: 0o600 });
    const own = { ...env, XDG_CONFIG_HOME: xdg };
    const first = await runAzb(['wait', 'task', 'j/t', '--interval', '0.1'], { env: own });
    expect(first).toMatchObject({ code: 0, out: 'task j/t: completed, exit code 0\n' });
    expect(told).toMatchObject([
      { what: 'task', id: 'j/t', until: 'done', result: 'success', account: env.AZURE_BATCH_ACCOUNT },
    ]);
    expect(JSON.stringify(told)).not.toContain(env.AZURE_BATCH_ACCESS_KEY);
    const second = await runAzb(['wait', 'task', 'j/t'], { env: own });
    server.close();
    expect(second).toEqual({
      code: 0,
      out: 'task j/t: completed, exit code 0\n',
      err: `azb: the webhook was not told: ${host} answered 410\n  try: see webhook of notify in config.yaml\n`,
    });
  });

  it('logs its requests, and no secret', async () => {
    const path = join(home, 'azb.log');
    await runAzb(['get', 'pool', 'p', '--log-file', path], { env });
    await runAzb(['get', 'pool', 'absent', '--log-file', path], { env });
    const log = await readFile(path, 'utf8');
    expect(log).toMatch(/ GET http:\/\/[^ ]+\/pools\/p\?[^ ]+ 200 \d+ms\n/);
    expect(log).toMatch(/ 404 \d+ms\n.*ServiceError: The specified pool does not exist/);
    expect(log).not.toContain(env.AZURE_BATCH_ACCESS_KEY);
    expect(log).not.toContain('SharedKey');
  });

  it.each([
    [
      { AZURE_BATCH_ACCESS_KEY: Buffer.from('wrong').toString('base64') },
      /refused the account name or its key/,
    ],
    [{ AZURE_BATCH_ENDPOINT: 'http://127.0.0.1:1' }, /127\.0\.0\.1:1 refuses connections/],
    [{ AZURE_BATCH_ENDPOINT: 'http://' }, /is not an address/],
    [{ AZURE_BATCH_ACCESS_KEY: 'cut' }, /is not Base64, or is cut/],
  ])('says what is wrong with %j', async (wrong, message) => {
    const { code, err } = await runAzb(['get', 'pools'], { env: { ...env, ...wrong } });
    expect(code).toBe(1);
    expect(err).toMatch(message);
    expect(err).toMatch(/\n {2}try: .*\n$/);
    expect(err).not.toContain('    at ');
  });
});

describe('the demo without a terminal', () => {
  it('runs the work to its end and prints it', async () => {
    const { code, out, err } = await runAzb(['demo', '--speed', '10']);
    expect([code, err]).toEqual([0, '']);
    expect(out).not.toContain('\x1b');
    for (let number = 1; number <= 10; number += 1) {
      expect(out).toContain(`AZ_BATCH_TASK_ID=mytask${number} processed by\nAZ_BATCH_NODE_ID=tvmps_`);
    }
    expect(out).toMatch(/mypool +active +steady +3 +3/);
    // No more columns than a screen shows.
    expect(out).toMatch(/^ID .* AGE$/m);
    expect(out).not.toMatch(/ IMAGE /);
    expect(out).toContain('this task fails on purpose');
    expect(out).toContain('ticks has ended, so this task could start');
    expect(out).toContain('run the same command in a terminal');
  });

  it('leaves no emulator behind, even when it is killed', async () => {
    const demo = startAzb(['demo']);
    const [, endpoint = ''] = await demo.untilOutput(/at (http:\/\/\S+) runs/);
    const answers = () =>
      fetch(endpoint).then(
        () => true,
        () => false,
      );
    expect(await answers()).toBe(true);
    demo.child.kill('SIGKILL');
    while (await answers());
    await demo.ended;
  });
});
