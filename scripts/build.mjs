// Bundles src/main.ts into dist/. Screens, the SDK and the emulator are chunks of their own, loaded when
// first needed: the command `azb --version` must not pay for React.
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

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
 * Packages that take long to set themselves up and are used only on some views: bundled as usual, but run
 * when one of the named exports is first used. A class stays callable with `new`, an object keeps its members.
 */
const LAZY = {
  re2js: { objects: ['RE2JS'] },
  fzf: { functions: ['Fzf'] },
  'string-width': { functions: ['default'] },
  yaml: { functions: ['LineCounter', 'parseAllDocuments', 'parseDocument', 'stringify'] },
};

const lazyPackages = {
  name: 'lazy-packages',
  setup(bundle) {
    const filter = new RegExp(`^(${Object.keys(LAZY).join('|')})$`);
    bundle.onResolve({ filter }, ({ path, importer, namespace, pluginData }) => {
      if (pluginData === 'as it is') return undefined;
      // What others than azb's own sources import stays as it is.
      if (/[/\\]src[/\\](?!.*node_modules)/.test(importer)) return { path, namespace: 'lazy' };
      if (namespace !== 'lazy') return undefined;
      // Some packages have another file for `require`, with other exports.
      return bundle.resolve(path, { kind: 'import-statement', resolveDir: root, pluginData: 'as it is' });
    });
    bundle.onLoad({ filter: /.*/, namespace: 'lazy' }, ({ path }) => ({
      contents: lazyModule(path, LAZY[path]),
      resolveDir: root,
    }));
  },
};

function lazyModule(name, { functions = [], objects = [] }) {
  const exported = (each, value) =>
    each === 'default' ? `export default ${value};` : `export const ${each} = ${value};`;
  return [
    'let loaded;',
    `const load = () => (loaded ??= require('${name}'));`,
    ...functions.map((each) =>
      exported(
        each,
        `function (...args) { const it = load().${each}; return new.target ? new it(...args) : it(...args); }`,
      ),
    ),
    ...objects.map((each) => exported(each, `new Proxy({}, { get: (_, key) => load().${each}[key] })`)),
  ].join('\n');
}

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

export async function bundle() {
  // Whoever only asks whether the bundle is stale need not wait for the bundler to load.
  const { build } = await import('esbuild');
  const outdir = join(root, 'dist');
  const { outputFiles } = await build({
    absWorkingDir: root,
    entryPoints: { azb: 'src/main.ts' },
    outdir,
    // A bundle that cannot be made must not take the one of before with it.
    write: false,
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    jsx: 'automatic',
    minifySyntax: true,
    minifyWhitespace: true,
    // The SDK reports errors by class name, and so do we.
    keepNames: false,
    external: ['lmdb'],
    define: { 'process.env.NODE_ENV': '"production"', AZB_VERSION: JSON.stringify(version) },
    banner: {
      js: "import{createRequire as __cr}from'node:module';const require=__cr(import.meta.url);",
    },
    plugins: [withoutDevtools, withoutFetch, lazyPackages],
    logLevel: 'warning',
  });
  await rm(outdir, { recursive: true, force: true });
  await mkdir(outdir, { recursive: true });
  await Promise.all(outputFiles.map(({ path, contents }) => writeFile(path, contents)));
}

/** Bundles when a source is newer than the bundle. */
export async function buildIfStale() {
  const built = statSync(join(root, 'dist/azb.js'), { throwIfNoEntry: false })?.mtimeMs ?? 0;
  const sources = ['src', 'emulator', 'scripts/build.mjs', 'package.json'];
  if (sources.some((path) => newest(join(root, path)) > built)) await bundle();
}

function newest(path) {
  const stat = statSync(path);
  if (!stat.isDirectory()) return stat.mtimeMs;
  return Math.max(stat.mtimeMs, ...readdirSync(path).map((name) => newest(join(path, name))));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await bundle();
