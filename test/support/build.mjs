import { buildIfStale } from '../../scripts/build.mjs';

/** Global setup of the tests: those that run azb itself run the sources as they are now. */
export async function setup() {
  await buildIfStale();
}
