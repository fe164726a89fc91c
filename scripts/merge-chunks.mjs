// Puts chunks that are always loaded together into one file. The bundler makes a chunk of every set of entry points that
// share a module, so that a screen's worth of azb came in thirty files, and to find, read and link each takes Node longer
// than to run what is in it. A merged file is a function for scripts/loader.cjs to call, since only scripts have a code cache
// in Node 20, and modules do not; the other chunks stay modules.
import { basename } from 'node:path';

/** How a merged file begins and ends: what the loader hands to it. */
const HEAD = '(function (module, require, load, importChunk, entryUrl) {';
const TAIL = '\n})';

/** The name under which a merged file exports what one of its chunks exported. */
const exportName = (index, name) => `_${index}_${name}`;

/**
 * @param outputs what a build gave: files with their text, and their imports and exports
 * @param groups by the name of the merged file, the source files whose chunks it starts from; a chunk that two groups
 *   need is in the first of them
 * @param banner with which every chunk begins
 * @returns the files as they are to be written, by name
 */
export async function mergeChunks(build, { outputFiles, metafile }, groups, banner) {
  const chunks = chunksOf(outputFiles, metafile);
  const homes = homesOf(chunks, groups);
  const bundle = (name, contents) => bundleOne(build, name, contents, chunks, homes, banner);
  const merged = Object.keys(groups).map((name) => bundle(`${name}.cjs`, entryOf(name, chunks, homes)));
  const others = [...chunks.values()].filter(({ name }) => !homes.has(name));
  const rest = others.map(({ name, text }) => bundle(name, text));
  return new Map(await Promise.all([...merged, ...rest]));
}

function chunksOf(outputFiles, { outputs }) {
  const texts = new Map(outputFiles.map(({ path, text }) => [basename(path), text]));
  return new Map(
    Object.entries(outputs).map(([path, { imports, exports, entryPoint }]) => {
      const name = basename(path);
      const needs = imports.filter(({ kind, external }) => kind === 'import-statement' && external !== true);
      return [
        name,
        { name, text: texts.get(name), exports, entryPoint, needs: needs.map((each) => basename(each.path)) },
      ];
    }),
  );
}

/** Which merged file each chunk is in, and its number there. */
function homesOf(chunks, groups) {
  const homes = new Map();
  for (const [group, sources] of Object.entries(groups)) {
    const found = new Set();
    for (const source of sources) {
      const entry = [...chunks.values()].find(({ entryPoint }) => entryPoint === source);
      if (entry === undefined) throw new Error(`${source} is not a chunk: nothing imports it lazily`);
      gather(entry.name, chunks, found);
    }
    for (const name of found) if (!homes.has(name)) homes.set(name, { group, index: homes.size });
  }
  return homes;
}

function gather(name, chunks, found) {
  if (found.has(name)) return;
  found.add(name);
  for (const each of chunks.get(name).needs) gather(each, chunks, found);
}

function entryOf(group, chunks, homes) {
  const lines = [...homes].flatMap(([name, home]) => {
    if (home.group !== group) return [];
    const own = chunks.get(name).exports.map((each) => `${each} as ${exportName(home.index, each)}`);
    return [own.length === 0 ? `import './${name}';` : `export { ${own.join(', ')} } from './${name}';`];
  });
  return lines.join('\n');
}

async function bundleOne(build, name, contents, chunks, homes, banner) {
  const isMerged = name.endsWith('.cjs');
  const { outputFiles, metafile } = await build({
    stdin: { contents, sourcefile: name },
    bundle: true,
    write: false,
    metafile: true,
    outfile: name,
    platform: 'node',
    target: 'node20',
    minifySyntax: true,
    minifyWhitespace: true,
    logLevel: 'warning',
    ...(isMerged
      ? { format: 'cjs', banner: { js: HEAD }, footer: { js: TAIL }, define: { 'import.meta.url': 'entryUrl' } }
      : { format: 'esm' }),
    plugins: [redirect(isMerged ? basename(name, '.cjs') : undefined, chunks, homes, banner)],
  });
  const { text } = outputFiles[0];
  return [name, isMerged ? withImports(text, Object.values(metafile.outputs)[0].imports) : text];
}

/** A script that comes out of a code cache cannot import; the loader does it for it. */
function withImports(text, imports) {
  const replaced = text.replaceAll('import("./', 'importChunk("./');
  const count = imports.filter(({ kind }) => kind === 'dynamic-import').length;
  if (replaced.length - text.length !== count * 'Chunk'.length)
    throw new Error('a merged file imports in another way than it did');
  return replaced;
}

/** Leads each import to where the chunk is now. `group` is the merged file that is made; undefined for another chunk. */
function redirect(group, chunks, homes, banner) {
  return {
    name: 'redirect',
    setup(bundle) {
      bundle.onResolve({ filter: /.*/ }, ({ path, kind }) => {
        const home = path.startsWith('./') ? homes.get(path.slice(2)) : undefined;
        if (kind === 'entry-point') return undefined;
        if (home !== undefined) {
          return { path: path.slice(2), namespace: home.group === group ? 'chunk' : 'elsewhere' };
        }
        // To import a module of Node's own, Node loads all that it needs for importing.
        if (group !== undefined && path.startsWith('node:') && kind === 'dynamic-import') {
          return { path, namespace: 'of-node' };
        }
        return { path, external: true };
      });
      bundle.onLoad({ filter: /.*/, namespace: 'chunk' }, ({ path }) => ({
        // In a merged file `require` is there already.
        contents: chunks.get(path).text.replace(banner, ''),
      }));
      bundle.onLoad({ filter: /.*/, namespace: 'elsewhere' }, ({ path }) => ({
        contents: elsewhere(group, chunks.get(path), homes.get(path)),
      }));
      bundle.onLoad({ filter: /.*/, namespace: 'of-node' }, ({ path }) => ({
        contents: `module.exports = require('${path}');`,
      }));
    },
  };
}

/** A module with the exports of a chunk that is in another merged file. */
function elsewhere(group, { exports }, home) {
  const loader = group === undefined ? "import loader from './azb.cjs'; const { load } = loader;" : '';
  const names = exports.map((each) => `export const ${each} = merged.${exportName(home.index, each)};`);
  return [`${loader}const merged = load('${home.group}');`, ...names].join('\n');
}
