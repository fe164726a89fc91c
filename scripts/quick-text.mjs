// Ink and what it stands on measure and cut texts with `string-width` and `Intl.Segmenter`, which take some fifty milliseconds
// to make and to compile. Nearly all texts of the chrome need neither: azb's own measure of a text, which asks them only where
// characters depend on each other, takes their place.
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const lib = join(dirname(fileURLToPath(import.meta.url)), '..', 'src', 'lib');
const OURS = /[/\\]src[/\\](?!.*node_modules)/;

const WIDTH = `
import { stripVTControlCharacters } from 'node:util';
import { cellWidth } from './width.ts';
export default (text) => cellWidth(/[\\x1b\\x9b]/.test(text) ? stripVTControlCharacters(text) : text);
`;

/** Options of a build that has it so. */
export const quickSegmenter = {
  define: { 'Intl.Segmenter': 'QuickSegmenter' },
  inject: [join(lib, 'segmenter.ts')],
};

/** For the build of azb: what packages import as `string-width`. */
export const quickWidth = {
  name: 'quick-width',
  setup(bundle) {
    bundle.onResolve({ filter: /^string-width$/ }, ({ path, importer }) =>
      OURS.test(importer) ? undefined : { path, namespace: 'quick-width' },
    );
    bundle.onLoad({ filter: /.*/, namespace: 'quick-width' }, () => ({ contents: WIDTH, resolveDir: lib }));
  },
};
