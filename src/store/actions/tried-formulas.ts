import { ServiceError } from '../../lib/errors.ts';
import {
  type AutoScaleRun,
  type ScaleTargets,
  scaleFaults,
  scaleOutcomes,
  type TriedFormula,
} from '../../resources/autoscale.ts';
import type { AppStore } from '../app-store.ts';
import type { Memory } from '../preferences.ts';
import type { AppState } from '../state.ts';

/** Formulas that are remembered of a pool, and pools of which any are. */
const MOST = 10;
const MOST_POOLS = 50;
const BAD_REQUEST = 400;

/** What was tried on a pool of the account in use, the latest first. */
export function triedOn(state: AppState, pool: string): readonly TriedFormula[] {
  return state.memory.formulas[keyOf(state, pool)] ?? [];
}

/** Remembers what came of a formula; the same one again moves to the front with what came of it now. */
export function rememberFormula(store: AppStore, pool: string, tried: TriedFormula): void {
  store.setState((state) => {
    const key = keyOf(state, pool);
    const others = triedOn(state, pool).filter((old) => !isSameFormula(old, tried));
    const pools = Object.entries(state.memory.formulas).filter(([name]) => name !== key);
    const formulas: Memory['formulas'] = Object.fromEntries([
      ...pools.slice(1 - MOST_POOLS),
      [key, [tried, ...others].slice(0, MOST)],
    ]);
    return { memory: { ...state.memory, formulas } };
  });
}

/** Whether two are the same but for blanks at their ends. */
export function isSameFormula(
  one: Pick<TriedFormula, 'formula' | 'interval'>,
  other: Pick<TriedFormula, 'formula' | 'interval'>,
): boolean {
  return one.formula.trim() === other.formula.trim() && one.interval === other.interval;
}

/** What an evaluation did, or would do, to the targets of a pool, in a line. */
export function outcomeOf(run: AutoScaleRun, pool: ScaleTargets): string {
  const [reason] = scaleFaults(run);
  if (reason !== undefined) return reason;
  const changed = scaleOutcomes(run.results ?? '', pool).filter(
    ({ before, after }) => before !== undefined && before !== after,
  );
  if (changed.length === 0) return 'changes no target';
  return changed.map(({ name, before, after }) => `${name}: ${before} → ${after}`).join(', ');
}

/** What the service says of a formula that it does not take; undefined where it fails for another reason. */
export function refusalOf(error: unknown): string | undefined {
  if (!(error instanceof ServiceError) || error.status !== BAD_REQUEST) return undefined;
  return `refused: ${error.details.find(({ key }) => key === 'Message')?.value ?? error.message}`;
}

/** Ids of pools hold no blank. */
function keyOf({ session }: AppState, pool: string): string {
  return `${session.account?.name ?? ''} ${pool}`;
}
