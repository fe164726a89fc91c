// Puts chunks that are always loaded together into one file. The bundler makes a chunk of every set of entry points that
// share a module, so that a screen's worth of azb came in thirty files, and to find, read and link each takes Node longer
// than to run what is in it.
import { basename } from 'node:path';

/** The name under which a merged file exports what one of its chunks exported. */
const exportName = (index, name) => `_${index}_${name}`;

/**
 * @param outputs what a build gave: files with their text, and their imports and exports
 * @param groups by the name of the merged file, the source files whose chunks it starts from; a chunk that two groups
 *   need is in the first of them
 * @returns the files as they are to be written, by name
 */
export async function mergeChunks(build, { outputFiles, metafile }, groups) {
  const chunks = chunksOf(outputFiles, metafile);
  const homes = homesOf(chunks, groups);
  const bundle = (name, contents) => bundleOne(build, name, contents, chunks, homes);
  const merged = Object.keys(groups).map((name) => bundle(`${name}.js`, entryOf(name, chunks, homes)));
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
  // The entry of all is what the command names, and stays a file of its own.
  homes.delete('azb.js');
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
    const { exports, entryPoint } = chunks.get(name);
    const own = exports.map((each) => `${each} as ${exportName(home.index, each)}`);
    // Whoever imports an entry lazily asks for the names that it has.
    const lazily = entryPoint === undefined ? [] : exports;
    return [`export { ${[...own, ...lazily].join(', ')} } from './${name}';`];
  });
  return lines.join('\n');
}

async function bundleOne(build, name, contents, chunks, homes) {
  const group = name.replace(/\.js$/, '');
  const { outputFiles } = await build({
    stdin: { contents, sourcefile: name },
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    minifySyntax: true,
    minifyWhitespace: true,
    logLevel: 'warning',
    plugins: [redirect(group, chunks, homes)],
  });
  return [name, outputFiles[0].text];
}

/** Leads each import to where the chunk is now. */
function redirect(group, chunks, homes) {
  return {
    name: 'redirect',
    setup(bundle) {
      bundle.onResolve({ filter: /.*/ }, ({ path, kind }) => {
        const home = path.startsWith('./') ? homes.get(path.slice(2)) : undefined;
        if (kind === 'entry-point') return undefined;
        if (home === undefined) return { path, external: true };
        if (kind === 'dynamic-import') return { path: `./${home.group}.js`, external: true };
        return { path: path.slice(2), namespace: home.group === group ? 'chunk' : 'elsewhere' };
      });
      bundle.onLoad({ filter: /.*/, namespace: 'chunk' }, ({ path }) => ({
        contents: chunks.get(path).text,
      }));
      bundle.onLoad({ filter: /.*/, namespace: 'elsewhere' }, ({ path }) => {
        const { group: other, index } = homes.get(path);
        const names = chunks.get(path).exports.map((each) => `${exportName(index, each)} as ${each}`);
        return { contents: `export { ${names.join(', ')} } from './${other}.js';` };
      });
    },
  };
}
