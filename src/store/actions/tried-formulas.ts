import type { TriedFormula } from '../../resources/autoscale.ts';
import type { AppStore } from '../app-store.ts';
import type { Memory } from '../preferences.ts';
import type { AppState } from '../state.ts';

/** Formulas that are remembered of a pool, and pools of which any are. */
const MOST = 10;
const MOST_POOLS = 50;

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

/** Ids of pools hold no blank. */
function keyOf({ session }: AppState, pool: string): string {
  return `${session.account?.name ?? ''} ${pool}`;
}
