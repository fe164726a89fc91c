import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { runAzb } from '../support/azb-process.ts';
import { addIdleJob, NEVER, startTestEmulator, type TestEmulator } from '../support/emulator.ts';
import { startReadyUi, startUi } from '../support/ui.ts';

const WRONG_CLOCK = pathToFileURL(join(import.meta.dirname, '..', 'support', 'preload', 'wrong-clock.mjs'));
const TWENTY_MINUTES = 20 * 60_000;

describe('a service that goes and comes back', () => {
  /** Starts an emulator on a folder of its own, and gives what starts another one in its place. */
  async function startOnData(...options: readonly string[]) {
    const data = mkdtempSync(join(tmpdir(), 'azb-data-'));
    const args = ['--data', data, ...options];
    const started: TestEmulator[] = [];
    const start = async (...more: readonly string[]) => {
      const emulator = await startTestEmulator(...args, ...more);
      started.push(emulator);
      return emulator;
    };
    onTestFinished(async () => {
      for (const emulator of started) await emulator.end('SIGKILL');
      rmSync(data, { recursive: true });
    });
    const first = await start();
    return { first, restart: () => start('--port', new URL(first.endpoint).port) };
  }

  it('is waited for with a countdown, what is known staying on the screen', async () => {
    const { first, restart } = await startOnData('--speed', '100');
    await addIdleJob(first, 'kept', ['a', 'b', 'c']);
    const counts = await first.port.taskCounts('kept', NEVER);
    const ui = await startReadyUi({ env: first.env, args: ['-c', 'tasks kept'] });
    await ui.waitFor('tasks(kept)[3]');

    await first.end('SIGKILL');
    await ui.waitFor(/no connection: data \d+s old, next try in \d+s/);
    const ages = new Set<string | undefined>();
    await ui.waitFor((screen) => ages.add(/data (\d+s) old/.exec(screen)?.[1]).size > 1);
    const waits = new Set<string | undefined>();
    await ui.waitFor((screen) => waits.add(/next try in (\d+s)/.exec(screen)?.[1]).size > 1);
    expect(ui.screen()).toMatch(/│ c +active /);
    ui.press('down', 'down', 'd', 'esc', 'n');
    await ui.waitFor('New task');
    ui.press('ctrl-u', 'd', 'ctrl-s');
    await ui.waitFor(/try: check the endpoint and its port/);
    expect(ui.screen()).toMatch(/Id +d/);
    ui.press('esc');

    const second = await restart();
    expect(await second.port.taskCounts('kept', NEVER)).toEqual(counts);
    ui.press('ctrl-r');
    await ui.waitFor((screen) => !screen.includes('no connection'));
    ui.press('n');
    await ui.waitFor('New task');
    ui.press('ctrl-u', 'd', 'ctrl-s');
    await ui.waitFor('task d was created');
    await ui.waitFor('tasks(kept)[4]');
    ui.press('ctrl-c');
    expect((await ui.exit).code).toBe(0);
    await second.end('SIGTERM');
  });

  it('is asked again without being told to', async () => {
    const { first, restart } = await startOnData();
    const ui = await startReadyUi({ env: first.env });
    await first.end('SIGKILL');
    await ui.waitFor('no connection');
    const second = await restart();
    await ui.waitFor((screen) => !screen.includes('no connection'));
    await second.end('SIGTERM');
  });
});

describe('an account that does not work', () => {
  let emulator: TestEmulator;
  beforeAll(async () => {
    emulator = await startTestEmulator();
  });
  afterAll(() => emulator.end('SIGTERM'));

  const wrongKey = { AZURE_BATCH_ACCESS_KEY: Buffer.from('another key').toString('base64') };
  const wrongClock = {
    NODE_OPTIONS: `--import=${WRONG_CLOCK}`,
    CLOCK_OFF_MS: String(TWENTY_MINUTES),
  };

  it.each([
    [
      'a wrong key',
      wrongKey,
      'the service refused',
      /refused the account name or its key/,
      /az batch account/,
    ],
    [
      'an endpoint where nothing listens',
      { AZURE_BATCH_ENDPOINT: 'http://127.0.0.1:1' },
      'the service cannot be reached',
      /127\.0\.0\.1:1 refuses connections/,
      /check the endpoint and its port/,
    ],
    [
      'an endpoint whose name nobody knows',
      { AZURE_BATCH_ENDPOINT: 'https://acct.nowhere.invalid' },
      'the service cannot be reached',
      /no host of the name acct\.nowhere\.invalid/,
      /check the endpoint's spelling/,
    ],
    [
      'a clock that is 20 minutes fast',
      wrongClock,
      'the service refused',
      /your clock is 20 minutes ahead of/,
      /set the clock/,
    ],
    [
      'a clock that is 20 minutes slow',
      { ...wrongClock, CLOCK_OFF_MS: String(-TWENTY_MINUTES) },
      'the service refused',
      /your clock is 20 minutes behind/,
      /set the clock/,
    ],
  ])('shows %s with the next step, and can be left', async (_name, wrong, title, message, next) => {
    const ui = startUi({ env: { ...emulator.env, ...wrong } });
    await ui.waitFor(title);
    const text = ui.screen().replace(/[│\s]+/g, ' ');
    expect(text).toMatch(message);
    expect(text).toMatch(new RegExp(`try: ${next.source}`));
    expect(text).not.toContain('    at ');
    ui.press('ctrl-c');
    expect(await ui.exit).toEqual({ code: 0, signal: undefined });

    const shell = await runAzb(['get', 'pools'], { env: { ...emulator.env, ...wrong } });
    expect(shell).toMatchObject({ code: 1, out: '' });
    expect(shell.err).toMatch(message);
    expect(shell.err).toMatch(new RegExp(`\\n {2}try: ${next.source}`));
  });

  it('counts ages by the clock of the service where ours is wrong, but not yet so wrong as to be refused', async () => {
    await addIdleJob(emulator, 'young', ['a']);
    const env = { ...emulator.env, ...wrongClock, CLOCK_OFF_MS: String(14 * 60_000) };
    const { out } = await runAzb(['get', 'jobs', '-o', 'wide'], { env });
    expect(out).toMatch(/^young .* \d+s$/m);
    const ui = await startReadyUi({ env, args: ['-c', 'jobs'] });
    await ui.waitFor(/│ young .* \d+s +│/);
  });

  it('shows an endpoint that is something else', async () => {
    const other = createServer((_request, response) => {
      response.writeHead(404, { 'content-type': 'text/html' }).end('<h1>Not here</h1>');
    });
    other.listen(0, '127.0.0.1');
    await once(other, 'listening');
    const endpoint = `http://127.0.0.1:${(other.address() as AddressInfo).port}`;
    const ui = startUi({ env: { ...emulator.env, AZURE_BATCH_ENDPOINT: endpoint } });
    await ui.waitFor(`check the endpoint: ${endpoint} does not answer as a Batch`);
    expect(ui.screen()).not.toContain('Not here');
    other.close();
  });

  it('shows how to get an account when there is none', async () => {
    const ui = startUi();
    await ui.waitFor('No Batch account yet');
    expect(ui.screen()).toContain('azb demo');
    ui.type(':pools\r');
    await ui.waitFor('there is no account to ask');
    ui.press('ctrl-c');
    expect((await ui.exit).code).toBe(0);
  });
});
