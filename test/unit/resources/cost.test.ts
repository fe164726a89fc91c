import { describe, expect, test } from 'vitest';
import type { Prices } from '../../../src/lib/prices.ts';
import { jobCost, withCost } from '../../../src/resources/cost.ts';
import { jobProgress, type ProgressFacts } from '../../../src/resources/progress.ts';
import { progressText } from '../../../src/resources/progress-text.ts';
import { resourceNamed } from '../../../src/resources/registry.ts';
import { MINUTE, NOW } from '../../support/samples.ts';

const PRICES: Prices = {
  currency: 'EUR',
  sizes: { standard_d4s_v3: { dedicated: 0.2, spot: 0.05 }, standard_a1_v2: { dedicated: 0.04 } },
};

const cost = (resource: string, row: object, prices: Prices = PRICES) =>
  withCost(resourceNamed(resource), prices)
    .find(({ id }) => id === 'cost')
    ?.value(row);

describe('what nodes cost', () => {
  test('is told of no list where there are no prices, nor of one that has nothing that costs', () => {
    const { columns } = resourceNamed('pools');
    expect(withCost(resourceNamed('pools'), undefined)).toBe(columns);
    expect(withCost(resourceNamed('jobs'), PRICES)).toBe(resourceNamed('jobs').columns);
    const titles = withCost(resourceNamed('pools'), PRICES).map(({ title }) => title);
    expect(titles.filter((title) => title !== 'EUR/H')).toEqual(columns.map(({ title }) => title));
    expect(titles.indexOf('EUR/H')).toBe(titles.indexOf('VM-SIZE') + 1);
  });

  test.each([
    ['nodes of both kinds, whatever the case of the size', 'STANDARD_D4s_v3', 2, 4, 0.6],
    ['no nodes', 'standard_d4s_v3', 0, 0, 0],
    ['Spot nodes without a price for them', 'standard_a1_v2', 1, 1, undefined],
    ['dedicated nodes alone, for which there is one', 'standard_a1_v2', 3, 0, 0.12],
    ['a size without prices', 'standard_e8_v5', 1, 0, undefined],
    ['no size', undefined, 1, 0, undefined],
  ])('an hour, of a pool with %s', (_, vmSize, currentDedicatedNodes, currentLowPriorityNodes, expected) => {
    expect(cost('pools', { id: 'p', vmSize, currentDedicatedNodes, currentLowPriorityNodes })).toBe(expected);
  });

  test('since they came, the hours of Spot nodes at their own price', () => {
    const row = { pool: 'p', vmSize: 'standard_d4s_v3', hours: 100, spotHours: 40 };
    expect(cost('nodehours', row)).toBe(14);
    expect(cost('nodehours', { ...row, spotHours: undefined })).toBe(20);
  });
});

describe('what a job has cost', () => {
  /** An hour of half of a node. */
  const facts = (pool: ProgressFacts['pool'], isSample = false): ProgressFacts => ({
    job: 'myjob',
    state: 'active',
    began: NOW - 100 * MINUTE,
    ended: undefined,
    counts: { active: 0, running: 1, completed: 10, succeeded: 10, failed: 0 },
    completed: [
      {
        task: 't1',
        node: 'n1',
        slots: 1,
        created: NOW - 90 * MINUTE,
        start: NOW - 80 * MINUTE,
        end: NOW - 20 * MINUTE,
        failed: false,
      },
    ],
    running: [],
    isSample,
    knownFrom: undefined,
    pool,
    now: NOW,
  });
  const of = (pool: object, prices?: Prices, isSample = false) => {
    const progress = jobProgress(
      facts({ vmSize: 'standard_d4s_v3', taskSlotsPerNode: 2, ...pool }, isSample),
    );
    return {
      cost: jobCost(progress, prices),
      text: progressText(progress, 100, prices)
        .map(({ text }) => text)
        .join('\n'),
    };
  };

  test('is not told without prices', () => {
    const { cost: none, text } = of({ currentDedicatedNodes: 1 });
    expect(none).toBeUndefined();
    expect(text).not.toContain('cost');
  });

  test('is that of the node-hours of its tasks, with what is not reckoned', () => {
    const { cost: found, text } = of({ currentDedicatedNodes: 1 }, PRICES);
    expect(found).toMatchObject({ nodes: 'dedicated', least: 0.1, most: 0.1 });
    expect(text).toContain('cost      0.1 EUR: node-hours that its tasks used, at the dedicated price');
    expect(text).toContain('not reckoned: idle nodes, disks, network, storage, discounts');
    expect(of({ targetLowPriorityNodes: 1 }, PRICES).text).toContain('0.025 EUR: node-hours');
  });

  test('is told from which price to which, where the pool has both kinds of nodes or neither', () => {
    for (const pool of [{ currentDedicatedNodes: 1, currentLowPriorityNodes: 1 }, {}])
      expect(of(pool, PRICES).text).toContain(
        '0.025 to 0.1 EUR: node-hours that its tasks used, from the Spot',
      );
  });

  test('is about so much, where the times are those of a sample', () => {
    expect(of({ currentDedicatedNodes: 1 }, PRICES, true).text).toContain('cost      about 1 EUR');
  });

  test('is not told where a price is missing that counts', () => {
    const cheap = { ...PRICES, sizes: { standard_d4s_v3: { dedicated: 0.2 } } };
    expect(of({ currentDedicatedNodes: 1 }, cheap).cost).toMatchObject({ most: 0.1 });
    expect(of({ currentLowPriorityNodes: 1 }, cheap).cost).toBeUndefined();
    expect(of({}, cheap).cost).toBeUndefined();
    expect(of({ vmSize: 'standard_e8_v5', currentDedicatedNodes: 1 }, PRICES).cost).toBeUndefined();
  });
});
