// Bundles src/main.ts into dist/. Screens, the SDK and the emulator are chunks of their own, loaded when
// first needed: the command `azb --version` must not pay for React.

import { readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { cacheCode, cacheOnce } from './code-cache.mjs';
import { builtAt, currentBuild, DIST, placeBuild } from './dist.mjs';
import { LAZY_ENTRIES, lazyEntries, lazyPackages } from './lazy-packages.mjs';
import { leanSdk } from './lean-sdk.mjs';
import { mergeChunks } from './merge-chunks.mjs';
import { quickSegmenter, quickWidth } from './quick-text.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));

/** Ink loads react-devtools-core only when DEV is set; it is no dependency of ours, so it must not resolve. */
const withoutDevtools = {
  name: 'without-devtools',
  setup(bundle) {
    bundle.onResolve({ filter: /^react-devtools-core$/ }, () => ({ path: 'devtools', namespace: 'empty' }));
    bundle.onLoad({ filter: /.*/, namespace: 'empty' }, () => ({ contents: 'export default {}' }));
  },
};

/**
 * Ink's layout engine fetches its WebAssembly from a data URL although it can decode it itself; the first
 * fetch loads Node's HTTP client, which takes longer than all the rest of Ink.
 */
const withoutFetch = {
  name: 'without-fetch',
  setup(bundle) {
    const condition = '"function"!=typeof fetch';
    bundle.onLoad({ filter: /yoga-wasm-base64-esm\.js$/ }, ({ path }) => {
      const text = readFileSync(path, 'utf8');
      if (!text.includes(condition))
        throw new Error(`${path} loads its WebAssembly in another way than it did`);
      return { contents: text.replace(condition, 'true'), loader: 'js' };
    });
  },
};

/** What is loaded together, by the name of its file: what every command needs, the UI up to its first paint, the
 * SDK, and Ink with the chrome. */
const TOGETHER = {
  base: { from: ['src/main.ts'] },
  ui: { from: ['src/ui.ts', 'src/app.tsx'] },
  sdk: { from: ['src/api/wire/sdk.ts'] },
  ink: { from: ['src/chrome-ink.tsx'], awaits: true },
};

/** Packages in the format of `require` ask for what is not bundled. */
const BANNER = "import{createRequire as __cr}from'node:module';const require=__cr(import.meta.url);";

export async function bundle() {
  // Whoever only asks whether the bundle is stale need not wait for the bundler to load.
  const { build } = await import('esbuild');
  const common = {
    absWorkingDir: root,
    outdir: DIST,
    // A bundle that cannot be made must not take the one of before with it.
    write: false,
    bundle: true,
    platform: 'node',
    target: 'node20',
    minifySyntax: true,
    minifyWhitespace: true,
    logLevel: 'warning',
  };
  const lazy = build({
    ...common,
    entryPoints: LAZY_ENTRIES,
    format: 'cjs',
    outExtension: { '.js': '.cjs' },
    plugins: [lazyEntries],
  });
  const azb = build({
    ...common,
    entryPoints: { azb: 'src/main.ts' },
    splitting: true,
    metafile: true,
    format: 'esm',
    jsx: 'automatic',
    external: ['lmdb'],
    define: {
      'process.env.NODE_ENV': '"production"',
      AZB_VERSION: JSON.stringify(version),
      ...quickSegmenter.define,
    },
    inject: quickSegmenter.inject,
    banner: { js: BANNER },
    plugins: [withoutDevtools, withoutFetch, quickWidth, lazyPackages, leanSdk],
  });
  const { outputFiles } = await lazy;
  const files = await mergeChunks(build, await azb, TOGETHER, BANNER);
  for (const { path, contents } of outputFiles) files.set(relative(DIST, path), contents);
  files.set('azb.cjs', readFileSync(join(root, 'scripts/loader.cjs')));
  await placeBuild(files, cacheCode);
}

/** Bundles when a source is newer than the bundle. */
export async function buildIfStale() {
  const built = builtAt();
  const sources = ['src', 'emulator', 'scripts', 'package.json'];
  if (sources.some((path) => newest(join(root, path)) > built)) await bundle();
  else await cacheOnce(currentBuild());
}

function newest(path) {
  const stat = statSync(path);
  if (!stat.isDirectory()) return stat.mtimeMs;
  return Math.max(stat.mtimeMs, ...readdirSync(path).map((name) => newest(join(path, name))));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await bundle();
