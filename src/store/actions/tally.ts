import { counted, countText } from '../../lib/units.ts';
import { formatCell } from '../../resources/format.ts';
import type { Action, Column, Entity, Resource } from '../../resources/types.ts';

/** What stands in the rows that a question is about. Counted row by row: there may be more than can be held. */
export class Tally {
  readonly #state: Column<Entity> | undefined;
  readonly #within: NonNullable<Action<Entity>['within']>;
  readonly #states = new Map<string, number>();
  readonly #sums: number[];
  #rows = 0;
  /** Rows that do not tell what is in them. */
  #silent = 0;

  constructor(resource: Resource<Entity>, action: Action<Entity>) {
    this.#state = resource.columns.find(({ id }) => id === 'state');
    this.#within = action.within ?? [];
    this.#sums = this.#within.map(() => 0);
  }

  add(row: Entity): void {
    this.#rows += 1;
    if (this.#state !== undefined) {
      const state = formatCell(this.#state.value(row), this.#state.kind, 0);
      this.#states.set(state, (this.#states.get(state) ?? 0) + 1);
    }
    const numbers = this.#within.map(({ of }) => of(row));
    if (numbers.some((number) => number === undefined)) this.#silent += 1;
    for (const [index, number = 0] of numbers.entries())
      this.#sums[index] = (this.#sums[index] ?? 0) + number;
  }

  /** `12 running, 3,968 active`, and `With them: 9 nodes`. What one row is in, its list shows. */
  lines(): string[] {
    return [...this.#stateLines(), ...this.#withinLines()];
  }

  #stateLines(): string[] {
    if (this.#rows < 2 || this.#states.size === 0) return [];
    const sorted = [...this.#states].sort(([, left], [, right]) => right - left);
    return [sorted.map(([state, number]) => `${countText(number)} ${state}`).join(', ')];
  }

  #withinLines(): string[] {
    const parts = this.#within
      .map(({ noun }, index) => ({ noun, number: this.#sums[index] ?? 0 }))
      .filter(({ number }) => number > 0)
      .map(({ noun, number }) => counted(number, noun));
    if (parts.length === 0) return [];
    const silent = this.#silent === 0 ? '' : ` (${countText(this.#silent)} not asked about yet)`;
    return [`With ${this.#rows === 1 ? 'it' : 'them'}: ${parts.join(', ')}${silent}`];
  }
}
