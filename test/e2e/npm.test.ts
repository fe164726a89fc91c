import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runAzb } from '../support/azb-process.ts';
import { until } from '../support/until.ts';

const ROOT = join(import.meta.dirname, '..', '..');

describe('by npm, as the README says', () => {
  let home: string;
  beforeAll(() => {
    home = mkdtempSync(join(tmpdir(), 'azb-npm-'));
  });
  afterAll(() => rmSync(home, { recursive: true, force: true }));

  it('the emulator prints what a shell can eval, and ends with npm', async () => {
    const npm = spawn(
      'npm',
      ['run', '--silent', 'emulator', '--', '--port', '0', '--data', join(home, 'data')],
      {
        cwd: ROOT,
        env: { PATH: process.env.PATH, HOME: home },
        stdio: ['ignore', 'pipe', 'ignore'],
      },
    );
    // Its output is closed when the emulator is gone too, which must not write to the folder that is taken away.
    const gone = once(npm, 'close');
    let printed = '';
    npm.stdout.on('data', (chunk) => {
      printed += chunk;
    });
    await until(
      () => printed.split('\n').length,
      (lines) => lines > 3,
    );
    const file = join(home, 'exports');
    writeFileSync(file, printed);
    const script = `eval "$(cat '${file}')"; env | grep ^AZURE_BATCH_`;
    const lines = execFileSync('bash', ['-c', script], { encoding: 'utf8' }).trim().split('\n');
    const env = Object.fromEntries(lines.map((line) => /^(\w+)=(.*)$/.exec(line)?.slice(1) ?? []));
    expect(Object.keys(env).sort()).toEqual([
      'AZURE_BATCH_ACCESS_KEY',
      'AZURE_BATCH_ACCOUNT',
      'AZURE_BATCH_ENDPOINT',
    ]);
    expect(await runAzb(['get', 'pools', '-o', 'json'], { env })).toEqual({ code: 0, out: '[]\n', err: '' });
    npm.kill('SIGTERM');
    await gone;
    await until(
      () =>
        fetch(env.AZURE_BATCH_ENDPOINT).then(
          () => 'answers',
          () => 'gone',
        ),
      (state) => state === 'gone',
    );
  });
});
