// Puts chunks that are always loaded together into one file. The bundler makes a chunk of every set of entry points that
// share a module, so that a screen's worth of azb came in thirty files, and to find, read and link each takes Node longer
// than to run what is in it. A merged file is a function for scripts/loader.cjs to call, since only scripts have a code cache
// in Node 20, and modules do not; the other chunks stay modules.
import { createHash } from 'node:crypto';
import { isBuiltin } from 'node:module';
import { basename } from 'node:path';

/** How a merged file begins and ends: what the loader hands to it. */
const head = (awaits) => `(${awaits ? 'async ' : ''}function (give, require, load, importChunk, entryUrl) {`;
const TAIL = '})';

/** The name under which a merged file exports what one of its chunks exported. */
const exportName = (index, name) => `_${index}_${name}`;

/**
 * @param outputs what a build gave: files with their text, and their imports and exports
 * @param groups by the name of the merged file, the source files `from` whose chunks it starts, and whether one of them
 *   `awaits` at its top; a chunk that two groups need is in the first of them
 * @param banner with which every chunk begins
 * @returns the files as they are to be written, by name
 */
export async function mergeChunks(build, { outputFiles, metafile }, groups, banner) {
  const chunks = chunksOf(outputFiles, metafile);
  const homes = homesOf(chunks, groups);
  const bundle = (name, contents) => bundleOne(build, { name, contents, chunks, homes, groups, banner });
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
  for (const [group, { from }] of Object.entries(groups)) {
    const found = new Set();
    for (const source of from) {
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
  const names = [];
  const imports = [...homes].flatMap(([name, home]) => {
    if (home.group !== group) return [];
    const own = chunks.get(name).exports.map((each) => `${each} as ${exportName(home.index, each)}`);
    names.push(...chunks.get(name).exports.map((each) => exportName(home.index, each)));
    return [`import { ${own.join(', ')} } from './${name}';`];
  });
  return [...imports, `give({ ${names.join(', ')} });`].join('\n');
}

async function bundleOne(build, { name, contents, groups, ...rest }) {
  const group = name.endsWith('.cjs') ? basename(name, '.cjs') : undefined;
  const { outputFiles, metafile } = await build({
    stdin: { contents, sourcefile: 'merged.js' },
    bundle: true,
    write: false,
    metafile: true,
    outfile: name,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    minifySyntax: true,
    minifyWhitespace: true,
    logLevel: 'warning',
    plugins: [redirect(group, groups, rest)],
    ...(group === undefined ? {} : { define: { 'import.meta.url': 'entryUrl' } }),
  });
  const { text } = outputFiles[0];
  if (group === undefined) return [name, text];
  const script = withImports(text, Object.values(metafile.outputs)[0].imports);
  return [name, stamped(`${head(groups[group].awaits)}${script}${TAIL}`)];
}

/** Behind a comment by which the loader knows the code cache of this text. */
function stamped(text) {
  return `//${createHash('sha256').update(text).digest('hex').slice(0, 16)}\n${text}`;
}

/** A script that comes out of a code cache cannot import; the loader does it for it. */
function withImports(text, imports) {
  const replaced = text.replaceAll('import("./', 'importChunk("./');
  const isDynamic = ({ kind }) => kind === 'dynamic-import';
  if (!imports.every(isDynamic) || replaced.length - text.length !== imports.length * 'Chunk'.length)
    throw new Error('a merged file imports in another way than it did');
  return replaced;
}

/** Leads each import to where the chunk is now. `group` is the merged file that is made; undefined for another chunk. */
function redirect(group, groups, { chunks, homes, banner }) {
  return {
    name: 'redirect',
    setup(bundle) {
      bundle.onResolve({ filter: /.*/ }, ({ path, kind }) => {
        const home = path.startsWith('./') ? homes.get(path.slice(2)) : undefined;
        if (kind === 'entry-point') return undefined;
        if (home !== undefined) {
          return { path: path.slice(2), namespace: home.group === group ? 'chunk' : 'elsewhere' };
        }
        // Scripts import nothing; and to import a module of its own, Node loads all that it needs for importing.
        if (group !== undefined && isBuiltin(path)) return { path, namespace: 'of-node' };
        return { path, external: true };
      });
      bundle.onLoad({ filter: /.*/, namespace: 'chunk' }, ({ path }) => ({
        // In a merged file `require` is there already.
        contents: chunks.get(path).text.replace(banner, ''),
      }));
      bundle.onLoad({ filter: /.*/, namespace: 'elsewhere' }, ({ path }) => ({
        contents: elsewhere(group, groups, chunks.get(path), homes.get(path)),
      }));
      bundle.onLoad({ filter: /.*/, namespace: 'of-node' }, ({ path }) => ({
        contents: `module.exports = process.getBuiltinModule('${path}');`,
      }));
    },
  };
}

/** A module with the exports of a chunk that is in another merged file. */
function elsewhere(group, groups, { exports }, home) {
  const loader = group === undefined ? "import loader from './azb.cjs'; const { load } = loader;" : '';
  const merged = `${groups[home.group].awaits ? 'await ' : ''}load('${home.group}')`;
  const names = exports.map((each) => `export const ${each} = merged.${exportName(home.index, each)};`);
  return [`${loader}const merged = ${merged};`, ...names].join('\n');
}
