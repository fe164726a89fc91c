import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

// V8 refuses code that was cached under other flags. What is loaded out of the code cache before and after such a call is
// cached in the same order by scripts/code-cache.mjs.

/**
 * Keeps V8's space for new objects at the size that it has. It would grow with the first thousands of rows that are read and
 * never shrink: some 15 MB that nothing needs afterwards, at no cost that could be measured. To be called before Ink is
 * loaded, which makes it grow.
 */
export function keepNewSpaceSmall(): void {
  setFlagsFromString('--semi-space-growth-factor=1');
}

/**
 * Lets the heap grow in small steps from now on: some 8 MB less with 10,000 rows, and 45 with 100,000. To be called when what the
 * start needs is loaded and on the screen, since each step is a collection.
 */
export function growHeapSlowly(): void {
  setFlagsFromString('--heap-growing-percent=20');
}

/**
 * Keeps V8's compiler from functions that are long, or long with what is called in them: it takes up to 15 MB for a moment
 * to compile such, and its threads keep some of that. What a key runs are short ones.
 */
export function compileShortFunctions(): void {
  setFlagsFromString('--max-optimized-bytecode-size=1000');
  setFlagsFromString('--max-inlined-bytecode-size-cumulative=200');
}

/**
 * Has V8 tidy the heap once after a load and not twice: the second time gains next to nothing, and a key that meets it waits
 * for up to ten milliseconds. When, is told by scripts/loader.cjs.
 */
export function tidyHeapOnce(): void {
  // V8 tells of a flag that it does not know on standard error, and renamed this one after Node 20.
  const isOld = process.versions.v8.startsWith('11.');
  setFlagsFromString(isOld ? '--memory-reducer-single-gc' : '--memory-reducer-gc-count=1');
}

/**
 * Collects garbage now, for some ten milliseconds. V8 knows how much is in use only after its first full collection, and lets
 * the heap grow to three times as much before it: 10 MB more at the peak than ever again.
 */
export function collectOnce(): void {
  // Node has `gc` only in contexts that are made under this flag.
  setFlagsFromString('--expose-gc');
  const collect: unknown = runInNewContext('gc');
  if (typeof collect === 'function') collect();
}
