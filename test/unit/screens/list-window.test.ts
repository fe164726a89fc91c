import { describe, expect, test } from 'vitest';
import { compilePattern } from '../../../src/lib/pattern.ts';
import { cellWidthFor, windowIn } from '../../../src/screens/list-window.ts';
import { EMPTY_FEED } from '../../../src/store/app-store.ts';
import { feedKeyOf } from '../../../src/store/keys-of.ts';
import { idsOnScreen, Listings } from '../../../src/store/listing.ts';
import type { ListView } from '../../../src/store/state.ts';
import { asTable, mapView, regrouped } from '../../../src/store/views.ts';
import { storeKit } from '../../support/store-kit.ts';

const MAP = mapView({ pool: 'mypool' });

/** Ids that are shown of 1,000 nodes, of which the first three are idle, in a view of this size. */
function shown(view: ListView, width: number, height: number): readonly string[] {
  const rows = Array.from({ length: 1000 }, (_, number) => ({
    id: `n${number}`,
    state: number < 3 ? 'idle' : 'running',
  }));
  const { store } = storeKit({ view });
  store.setState({ feeds: { [feedKeyOf(view)]: { ...EMPTY_FEED, rows, complete: true, updatedAt: 0 } } });
  return idsOnScreen(new Listings(compilePattern), store.getState(), windowIn({ width, height }));
}

describe('what is shown of a list', () => {
  test('is a row a line in a table, below its titles', () => {
    expect(shown({ ...asTable(MAP), top: 10 }, 80, 20)).toHaveLength(17);
    expect(shown({ ...asTable(MAP), top: 990 }, 80, 20)).toHaveLength(10);
    expect(shown({ ...asTable(MAP), top: 10 }, 80, 20)[0]).toBe('n10');
  });

  test('is many a line in a map, above its legend', () => {
    expect(shown(MAP, 80, 20)).toHaveLength(13 * 76);
    expect(shown({ ...MAP, top: 2 }, 80, 20)[0]).toBe('n152');
    expect(shown({ ...MAP, top: 13 }, 80, 20)).toHaveLength(12);
  });

  test('is less where each state has lines of its own', () => {
    expect(shown(regrouped(MAP), 80, 20)).toHaveLength(3 + 12 * 76);
  });
});

test('nodes of a map stand apart as long as they are not more than a screen full', () => {
  expect(cellWidthFor(400, { width: 80 })).toBe(2);
  expect(cellWidthFor(600, { width: 80 })).toBe(1);
  expect(cellWidthFor(3000, { width: 200 })).toBe(2);
  expect(cellWidthFor(5000, { width: 200 })).toBe(1);
});
