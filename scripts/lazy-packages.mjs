// Packages that take long to load and are seldom needed. Each is a bundle of its own in dist/lazy; where it is imported
// stands a module that loads it when one of its named exports is first used.
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');

/** azb's own sources, and the SDK's runtime; what others import stays as it is. */
const OURS = /[/\\]src[/\\](?!.*node_modules)/;
const SDK = /[/\\]node_modules[/\\]@azure[/\\]ms-rest-js[/\\]/;

/** A class stays callable with `new`, an object keeps its members. */
const LAZY = {
  re2js: { importer: OURS, objects: ['RE2JS'] },
  fzf: { importer: OURS, functions: ['Fzf'] },
  'string-width': { importer: OURS, functions: ['default'] },
  yaml: { importer: OURS, functions: ['LineCounter', 'parseAllDocuments', 'parseDocument', 'stringify'] },
  // What the SDK sends requests with where azb does not, and what it reads XML with.
  'node-fetch': { importer: SDK, functions: ['default'] },
  'form-data': { importer: SDK, functions: ['default'] },
  'abort-controller': { importer: SDK, functions: ['default'] },
  tunnel: { importer: SDK, functions: ['httpOverHttp', 'httpOverHttps', 'httpsOverHttp', 'httpsOverHttps'] },
  xml2js: { importer: SDK, functions: ['Builder', 'Parser'] },
};

/** The bundles in dist/lazy, as entry points of a build in the format of `require`. */
export const LAZY_ENTRIES = Object.fromEntries(
  Object.keys(LAZY).map((name) => [`lazy/${name}`, `lazy:${name}`]),
);

/** For the build of {@link LAZY_ENTRIES}: an entry gives on what an import of the package would give. */
export const lazyEntries = {
  name: 'lazy-entries',
  setup(bundle) {
    bundle.onResolve({ filter: /^lazy:/ }, ({ path }) => ({
      path: path.slice('lazy:'.length),
      namespace: 'lazy',
    }));
    bundle.onLoad({ filter: /.*/, namespace: 'lazy' }, ({ path }) => ({
      contents: hasDefault(path)
        ? `import it from '${path}'; export default it;`
        : `export * from '${path}';`,
      resolveDir: root,
    }));
  },
};

function hasDefault(name) {
  return (LAZY[name].functions ?? []).includes('default');
}

/** For the build of azb: puts the module that loads the bundle in the package's place. */
export const lazyPackages = {
  name: 'lazy-packages',
  setup(bundle) {
    const filter = new RegExp(`^(${Object.keys(LAZY).join('|')})$`);
    bundle.onResolve({ filter }, ({ path, importer }) =>
      LAZY[path].importer.test(importer) ? { path, namespace: 'lazy' } : undefined,
    );
    bundle.onResolve({ filter: /^\.\/lazy\// }, ({ path }) => ({ path, external: true }));
    bundle.onLoad({ filter: /.*/, namespace: 'lazy' }, ({ path }) => ({
      contents: standIn(path, LAZY[path]),
    }));
  },
};

function standIn(name, { functions = [], objects = [] }) {
  const exported = (each, value) =>
    each === 'default' ? `export default ${value};` : `export const ${each} = ${value};`;
  return [
    'let loaded;',
    `const load = () => (loaded ??= require('./lazy/${name}.cjs'));`,
    ...functions.map((each) =>
      exported(
        each,
        `function (...args) { const it = load().${each}; return new.target ? new it(...args) : it(...args); }`,
      ),
    ),
    ...objects.map((each) => exported(each, `new Proxy({}, { get: (_, key) => load().${each}[key] })`)),
  ].join('\n');
}
