import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { number, printTable } from './table.ts';

const FILE = join('bench', 'baselines.json');
/** A figure is worse than its baseline when it is larger by this share. */
const TOLERANCE = 0.25;

type Baselines = Readonly<Record<string, Readonly<Record<string, number>>>>;

/**
 * Prints figures beside those of the last good run: byte counts and ratios to a peer of the same run, which
 * another machine changes little. Less is better of all of them.
 */
export function checkBaseline(bench: string, figures: Readonly<Record<string, number>>): void {
  const known = (existsSync(FILE) ? (JSON.parse(readFileSync(FILE, 'utf8')) as Baselines) : {})[bench] ?? {};
  printTable(
    'Beside bench/baselines.json',
    ['what', 'now', 'baseline', ''],
    Object.entries(figures).map(([name, value]) => {
      const baseline = known[name];
      const verdict = baseline === undefined ? 'new' : value > baseline * (1 + TOLERANCE) ? 'WORSE' : 'kept';
      return [name, number(value), number(baseline), verdict];
    }),
  );
}
