// The door to a build: loads what is always loaded together from one file each, with V8's code cache beside it, so that Node
// neither parses nor compiles them at every start. A cache of another Node, or of other flags, V8 refuses by itself; then
// the file is compiled as any other.
'use strict';
const { readFileSync } = require('node:fs');
const { join } = require('node:path');
const { pathToFileURL } = require('node:url');
const v8 = require('node:v8');
const vm = require('node:vm');

// V8 tidies the heap eight seconds after a load, when people move about in what was loaded, and a key that meets it waits for
// ten milliseconds; a minute later they read. It sets the timer while azb is loaded, so it has to be told first of all.
v8.setFlagsFromString('--gc-memory-reducer-start-delay-ms=60000');

const loaded = new Map();

/** The exports of a merged file, which is run when it is first asked for; a promise of them where it awaits something. */
function load(name) {
  const known = loaded.get(name);
  if (known !== undefined) return known.exports;
  const { script, stamp } = compile(name);
  let given;
  const give = (exports) => {
    given = exports;
  };
  const running = script.runInThisContext()(give, require, load, (chunk) => import(chunk), entryUrl());
  const exports = running === undefined ? given : running.then(() => given);
  loaded.set(name, { script, stamp, exports });
  return exports;
}

const entryUrl = () => pathToFileURL(__filename).href;

/**
 * A merged file begins with a comment that is the hash of it, and its cache ends with the same: V8 itself compares no more than
 * the length of a text.
 */
const STAMP_LENGTH = 16;

function compile(name) {
  const filename = join(__dirname, `${name}.cjs`);
  // The bundler writes nothing but ASCII; so read, the text takes a byte a character and no decoding.
  const text = readFileSync(filename, 'latin1');
  const stamp = text.slice(2, 2 + STAMP_LENGTH);
  return { script: new vm.Script(text, { filename, cachedData: codeCache(filename, stamp) }), stamp };
}

function codeCache(filename, stamp) {
  try {
    const cache = readFileSync(`${filename}.${process.version}.cache`);
    const end = cache.length - STAMP_LENGTH;
    return cache.latin1Slice(end) === stamp ? cache.subarray(0, end) : undefined;
  } catch {
    return undefined;
  }
}

module.exports = { load, loaded };
load('base');
