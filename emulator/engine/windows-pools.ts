import { runsWindows } from '../model/machine-defaults.ts';
import type { World } from './world.ts';

/** Whether the nodes of a pool would run Windows. Of a pool that is gone nothing is known. */
export function isWindowsPool(world: World, poolId: string): boolean {
  const pool = world.pools.get(poolId)?.pool;
  return pool !== undefined && runsWindows(pool);
}

/** A directory of a node, as nodes of the pool write it. */
export function shownDirectory(world: World, poolId: string, relative: string): string {
  return isWindowsPool(world, poolId) ? relative.replaceAll('/', '\\') : relative;
}
