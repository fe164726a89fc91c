// Preloaded into azb by tests (node --import): names the scripts that it compiles in the file LOADED_SCRIPTS, a line each, and
// whether V8 took their code cache; and the packages that it loads when it first uses them.
import { appendFileSync } from 'node:fs';
import Module from 'node:module';
import { basename } from 'node:path';
import vm from 'node:vm';

const tell = (line) => appendFileSync(process.env.LOADED_SCRIPTS, `${line}\n`);

const Real = vm.Script;
vm.Script = class extends Real {
  constructor(text, options) {
    super(text, options);
    const how = { true: 'refused', false: 'cached' }[this.cachedDataRejected] ?? 'compiled';
    tell(`${basename(options.filename)} ${how}`);
  }
};

const load = Module._load;
Module._load = function (path, ...rest) {
  if (path.startsWith('./lazy/')) tell(path);
  return load.call(this, path, ...rest);
};
