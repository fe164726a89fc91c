// Takes out of `@azure/batch` what every request needs. The package as published is one file in the format of `require`,
// which can only be bundled whole: a megabyte, most of which describes operations. Beside it lie its modules.
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const packages = join(dirname(fileURLToPath(import.meta.url)), '..', 'node_modules');

/** The modules, for bundlers, of the SDK and its runtime. `@azure/batch` names a file for them that is not there. */
const MODULES = {
  '@azure/batch': '@azure/batch/dist-esm/src/index.js',
  '@azure/ms-rest-js': '@azure/ms-rest-js/es/lib/msRest.js',
  '@azure/ms-rest-azure-js': '@azure/ms-rest-azure-js/es/lib/msRestAzure.js',
};

/** What src/api/wire/sdk.ts imports, and where it is. */
const PARTS = {
  BatchServiceClientContext: 'batchServiceClientContext.js',
  BatchSharedKeyCredentials: 'batchSharedKeyCredentials.js',
};

export const leanSdk = {
  name: 'lean-sdk',
  setup(bundle) {
    bundle.onResolve({ filter: new RegExp(`^(${Object.keys(MODULES).join('|')})$`) }, ({ path, importer }) =>
      path === '@azure/batch' && /[/\\]sdk\.ts$/.test(importer)
        ? { path, namespace: 'lean-sdk' }
        : { path: join(packages, MODULES[path]), sideEffects: false },
    );
    bundle.onLoad({ filter: /.*/, namespace: 'lean-sdk' }, () => ({
      contents: Object.entries(PARTS)
        .map(([name, file]) => `export { ${name} } from '@azure/batch/dist-esm/src/${file}';`)
        .join('\n'),
      resolveDir: packages,
    }));
  },
};
