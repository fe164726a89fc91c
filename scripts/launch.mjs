// Runs azb from a checkout: bundles it when a source is newer than the bundle, then hands over.
import { buildIfStale } from './build.mjs';

await buildIfStale();
await import('../dist/azb.cjs');
