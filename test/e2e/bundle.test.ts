import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import { runAzb } from '../support/azb-process.ts';
import { startTestEmulator } from '../support/emulator.ts';
import { startReadyUi } from '../support/ui.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const SPY = pathToFileURL(join(import.meta.dirname, '..', 'support', 'preload', 'loaded-scripts.mjs'));

/** The environment in which azb tells what it loads, and what it told. */
function watched() {
  const folder = mkdtempSync(join(tmpdir(), 'azb-loaded-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'loaded');
  return {
    env: { LOADED_SCRIPTS: file, NODE_OPTIONS: `--import ${SPY.href}` },
    loaded: () => readFileSync(file, 'utf8').trim().split('\n'),
  };
}

const merged = (name: string) => readFileSync(join(ROOT, 'dist', `${name}.cjs`), 'utf8');

describe('the bundle', () => {
  it('loads one file to print the version, and finds it in the code cache', async () => {
    const { env, loaded } = watched();
    const { code, out } = await runAzb(['--version'], { env });
    const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { version: string };
    expect([code, out]).toEqual([0, `azb ${version}\n`]);
    expect(loaded()).toEqual(['base.cjs cached']);
  });

  it('paints the UI first, then loads the SDK, then Ink, each out of the code cache', async () => {
    const emulator = await startTestEmulator();
    onTestFinished(() => emulator.end('SIGTERM'));
    const { env, loaded } = watched();
    await startReadyUi({ env: { ...emulator.env, ...env } });
    expect(loaded()).toEqual(['base.cjs cached', 'ui.cjs cached', 'sdk.cjs cached', 'ink.cjs cached']);
  });

  it('keeps in each file what is needed with it, and nothing that can wait', () => {
    const markers = ['runEmulator', 'diffFrames', 'SharedKey ', 'react.element'];
    const found = ['base', 'ui', 'sdk', 'ink'].map((name) =>
      markers.map((marker) => merged(name).includes(marker)),
    );
    expect(found).toEqual([
      [true, false, false, false],
      [false, true, false, false],
      [false, false, true, false],
      [false, false, false, true],
    ]);
    const early = ['base', 'ui', 'sdk'].map(merged).join('\n');
    expect(early).not.toMatch(/JobScheduleStatistics|BatchManagementClient|whatwg/);
  });

  it('starts without a code cache as well, and leaves that of another text alone', () => {
    const folder = mkdtempSync(join(tmpdir(), 'azb-bundle-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const copy = (name: string) => copyFileSync(join(ROOT, 'dist', name), join(folder, name));
    const { env, loaded } = watched();
    const version = () =>
      spawnSync(process.execPath, [join(folder, 'azb.cjs'), '--version'], {
        encoding: 'utf8',
        env: { ...process.env, ...env },
      }).stdout;
    copy('azb.cjs');
    copy('base.cjs');
    expect(version()).toMatch(/^azb \d/);

    copy(`base.cjs.${process.version}.cache`);
    const [stamp = ''] = merged('base').split('\n');
    // As long as the other, which is all that V8 looks at.
    const other = merged('base').replace(stamp, '/'.repeat(stamp.length)).replaceAll('`azb ', '`bza ');
    writeFileSync(join(folder, 'base.cjs'), other);
    expect(version()).toMatch(/^bza \d/);
    expect(loaded()).toEqual(['base.cjs compiled', 'base.cjs compiled']);
  });
});
