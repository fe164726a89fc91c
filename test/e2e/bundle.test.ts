import { spawnSync } from 'node:child_process';
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import { runAzb } from '../support/azb-process.ts';
import { startTestEmulator } from '../support/emulator.ts';
import { startReadyUi } from '../support/ui.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const DIST = join(ROOT, 'dist');
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

const merged = (name: string) => readFileSync(join(builtFolder(), `${name}.cjs`), 'utf8');

/** The folder that the door leads to. */
function builtFolder(): string {
  const build = /require\('\.\/(build-\w+)\//.exec(readFileSync(join(DIST, 'azb.cjs'), 'utf8'))?.[1];
  return join(DIST, build ?? 'no build');
}

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

  it('tries once to cache the code of a build whose start cannot be rehearsed, and says so', () => {
    const folder = mkdtempSync(join(tmpdir(), 'azb-uncached-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const tries = join(folder, 'tries');
    writeFileSync(join(folder, 'base.cjs'), '');
    writeFileSync(
      join(folder, 'azb.cjs'),
      `require('node:fs').appendFileSync(${JSON.stringify(tries)}, 'x'); throw new Error('on purpose');`,
    );
    const start = (name: string) => {
      const url = pathToFileURL(join(ROOT, 'scripts', 'code-cache.mjs')).href;
      const script = `import { ${name} } from '${url}'; await ${name}(${JSON.stringify(folder)});`;
      return spawnSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' }).stderr;
    };
    expect(start('cacheOnce')).toMatch(/azb will start more slowly[\s\S]*on purpose/);
    expect(start('cacheOnce')).toBe('');
    expect(readFileSync(tries, 'utf8')).toBe('x');
    // Who builds anew wants to know.
    expect(start('cacheCode')).toContain('on purpose');
    expect(readFileSync(tries, 'utf8')).toBe('xx');
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
    const copy = (name: string) => copyFileSync(join(builtFolder(), name), join(folder, name));
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

  it('is replaced in one step, and an azb that runs goes on with the one that it was started from', async () => {
    const project = mkdtempSync(join(tmpdir(), 'azb-project-'));
    onTestFinished(() => rmSync(project, { recursive: true }));
    mkdirSync(join(project, 'scripts'));
    copyFileSync(join(ROOT, 'scripts', 'dist.mjs'), join(project, 'scripts', 'dist.mjs'));
    const { currentBuild, placeBuild } = await import(
      pathToFileURL(join(project, 'scripts', 'dist.mjs')).href
    );
    const build = (text: string) =>
      new Map([
        ['azb.cjs', 'module.exports = () => require("./lazy/later.cjs");'],
        ['lazy/later.cjs', `module.exports = ${JSON.stringify(text)};`],
      ]);
    const door = join(project, 'dist', 'azb.cjs');
    const start = () => {
      const run = createRequire(import.meta.url);
      delete run.cache[door];
      return run(door) as () => string;
    };
    const nothing = async () => undefined;
    await placeBuild(build('first'), nothing);
    const first = start();
    const broken = placeBuild(build('broken'), () => Promise.reject(new Error('no cache')));
    await expect(broken).rejects.toThrow('no cache');
    expect(start()()).toBe('first');
    await placeBuild(build('second'), nothing);
    expect(first()).toBe('first');
    expect(start()()).toBe('second');
    for (let more = 0; more < 8; more += 1) await placeBuild(build(String(more)), nothing);
    expect(start()()).toBe('7');
    expect(readdirSync(join(project, 'dist')).length).toBeLessThan(8);
    expect(readdirSync(currentBuild())).toContain('lazy');
  });
});
