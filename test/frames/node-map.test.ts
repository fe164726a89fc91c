import { describe, expect, test, vi } from 'vitest';
import { topView } from '../../src/store/app-store.ts';
import { feedKey } from '../../src/store/keys-of.ts';
import type { ListView } from '../../src/store/state.ts';
import { listView, mapView } from '../../src/store/views.ts';
import { bigPool } from '../support/big-pool.ts';
import { expectFrame, SIZES } from '../support/frame-sizes.ts';
import { openScreen, type TestScreen } from '../support/frames.tsx';
import { SECOND } from '../support/samples.ts';
import { page, scriptedPort } from '../support/scripted-port.ts';

const BIG = mapView({ pool: 'big' });

describe.each(SIZES)('a node map at %ix%i', (columns, rows) => {
  const open = (size: number) =>
    openScreen({ columns, rows, view: BIG, port: scriptedPort(bigPool(size).port) });

  test('of a few nodes, some of them marked', async () => {
    const screen = await open(120);
    await screen.press('j', 'l', 'space', 'space');
    await expectFrame(screen, 'map');
  });

  test('of thousands', async () => {
    await expectFrame(await open(5000), 'map-thousands');
  });

  test('by state', async () => {
    const screen = await open(120);
    await screen.press('v');
    await expectFrame(screen, 'map-by-state');
  });

  test('without a node', async () => {
    await expectFrame(await open(0), 'map-empty');
  });

  test('its help', async () => {
    const screen = await open(120);
    await screen.press('?', 'pgdn', 'pgdn', 'pgdn', 'pgdn');
    await expectFrame(screen, 'help-map');
  });
});

const top = (screen: TestScreen) => topView(screen.store.getState()) as ListView;

/** Where the cursor of the map stands, as a user sees it: its line and its column, from 0. */
function cursorAt(screen: TestScreen): { line: number; column: number } | undefined {
  const background = screen.context.painting.palette.style('focus').bg;
  expect(background).toBeDefined();
  const first = screen.rowOf('┌') + 1;
  const last = screen.rowOf('│ ────');
  for (let y = first; y < last; y += 1) {
    for (let x = 2; x < 78; x += 1)
      if (screen.cell(x, y).bg !== 'default') return { line: y - first, column: (x - 2) / 2 };
  }
  return undefined;
}

/** Row of the screen that says which node is under the cursor. */
const nodeLine = (screen: TestScreen) => screen.row(screen.rowOf('│ tvmps_'));

describe('keys in a node map', () => {
  async function openPools() {
    const port = scriptedPort(bigPool(120).port);
    const screen = await openScreen({ port });
    await screen.press('m');
    return { port, screen };
  }

  test('m opens it from a pool, enter goes to the tasks of the node, esc comes back to it and to the pools', async () => {
    const { screen } = await openPools();
    expect(screen.text()).toContain('map(big)[120]');
    expect(screen.row(22)).toBe('  pools   map(big)');
    await screen.press('j', 'j', 'l');
    const { cursor } = top(screen);
    expect(cursorAt(screen)).toEqual({ line: 2, column: 1 });
    expect(nodeLine(screen)).toContain(cursor);
    await screen.press('enter');
    expect(top(screen)).toMatchObject({ resource: 'nodetasks', scope: { pool: 'big', node: cursor } });
    await screen.press('esc');
    expect(top(screen)).toMatchObject({ layout: 'map', cursor });
    expect(cursorAt(screen)).toEqual({ line: 2, column: 1 });
    await screen.press('esc');
    expect(top(screen)).toMatchObject({ resource: 'pools' });
  });

  test('the arrows and hjkl move in the grid, g and G to its ends, pages by the lines shown', async () => {
    const { screen } = await openPools();
    await screen.press('right', 'l', 'down', 'j', 'h', 'up');
    expect(cursorAt(screen)).toEqual({ line: 1, column: 1 });
    await screen.press('left', 'h');
    expect(cursorAt(screen)).toEqual({ line: 0, column: 37 });
    await screen.press('G');
    expect(top(screen).cursorRow).toBe(119);
    await screen.press('k', 'k', 'pgdn');
    expect(cursorAt(screen)).toEqual({ line: 3, column: 5 });
    await screen.press('g');
    expect(cursorAt(screen)).toEqual({ line: 0, column: 0 });
  });

  test('it scrolls with the cursor', async () => {
    const screen = await openScreen({ view: BIG, port: scriptedPort(bigPool(5000).port) });
    await screen.press('pgdn');
    expect(top(screen).top).toBeGreaterThan(0);
    await screen.press('G');
    expect(top(screen).cursorRow).toBe(4999);
    expect(nodeLine(screen)).toContain(top(screen).cursor);
    await screen.press('g');
    expect(top(screen).top).toBe(0);
  });

  test('m changes between map and list, with the cursor, the marks and the filter kept, and the list as it was sorted', async () => {
    const screen = await openScreen({
      view: listView('nodes', { pool: 'big' }),
      port: scriptedPort(bigPool(120).port),
    });
    await screen.press('S', 'space', '1', 'm');
    const { cursor, marks } = top(screen);
    expect(marks.size).toBe(1);
    expect(screen.text()).toContain('map(big)[19/120] <idle> 1 marked');
    expect(nodeLine(screen)).toContain(cursor);
    await screen.press('v', 'R', 'm');
    expect(top(screen)).toMatchObject({ layout: undefined, cursor, marks, stateFilter: 1 });
    expect(screen.text()).toContain('STATE↑');
  });

  test('the feed is that of the list: nothing is asked twice', async () => {
    const { port, screen } = await openPools();
    const asked = () => port.asked('listPage').filter(([resource]) => resource === 'nodes').length;
    const before = asked();
    await screen.press('m', 'm');
    expect(asked()).toBe(before);
    expect(Object.keys(screen.store.getState().feeds)).toContain(feedKey('nodes', { pool: 'big' }));
    await screen.pass(3 * SECOND);
    expect(asked()).toBe(before + 1);
  });

  test('what can be done to nodes is done to the one under the cursor, or to those that are marked', async () => {
    const { port, screen } = await openPools();
    await screen.press('j', 'b', 'tab', 'enter');
    const rebooted = top(screen).cursor;
    expect(port.asked('act')[0]).toMatchObject([{ action: 'reboot', scope: { pool: 'big' }, id: rebooted }]);
    await screen.press('f');
    expect(top(screen)).toMatchObject({ resource: 'files', scope: { pool: 'big', node: rebooted } });
    await screen.press('esc', 't');
    expect(topView(screen.store.getState())).toMatchObject({
      kind: 'tail',
      files: [{ node: rebooted, path: 'startup/stdout.txt' }],
    });
    await screen.press('esc', 'space', 'space', 'ctrl-d');
    expect(screen.text()).toContain('Remove 2 nodes?');
  });

  test('shades by the slots that a node of the pool has', async () => {
    const nodes = [1, 2].map((used) => ({
      id: `n${used}`,
      state: 'running',
      isDedicated: true,
      runningTasksCount: used,
      runningTaskSlotsCount: used,
    }));
    const rows: Readonly<Record<string, readonly object[]>> = {
      nodes,
      pools: [{ id: 'p', taskSlotsPerNode: 4 }],
    };
    const listPage = async (resource: string) => page(rows[resource] ?? []);
    const direct = await openScreen({ view: mapView({ pool: 'p' }), port: scriptedPort({ listPage }) });
    await direct.press('l');
    expect(direct.row(3)).toContain('│ ▒ ■');
    expect(direct.text()).toContain('running   2 tasks   scheduling');
    const screen = await openScreen({ port: scriptedPort({ listPage }) });
    await screen.press('m', 'l');
    expect(screen.row(3)).toContain('│ ░ ■');
    expect(screen.text()).toContain('2 tasks on 2 of 4 slots');
  });

  test('a state that changes shows with the next refresh, and the cursor stays on its node', async () => {
    const pool = bigPool(120);
    const screen = await openScreen({ view: BIG, port: scriptedPort(pool.port) });
    await screen.press('l', 'l');
    const { cursor } = top(screen);
    pool.changes.set(0, { state: 'unusable', errors: [{ code: 'DiskFull' }] });
    pool.changes.set(2, { state: 'offline', isDedicated: true });
    await screen.pass(3 * SECOND);
    expect(screen.row(3)).toMatch(/^│ x \S o /);
    expect(top(screen).cursor).toBe(cursor);
    expect(screen.text()).toContain('x unusable 3');
  });
});

describe('what a node map costs', () => {
  test('a move among 5,000 nodes makes no cell and two lines at most, and writes few bytes', async () => {
    const screen = await openScreen({
      columns: 200,
      rows: 50,
      view: BIG,
      port: scriptedPort(bigPool(5000).port),
    });
    const { painting } = screen.context;
    const draw = vi.spyOn(screen.surface.sink, 'write');
    const costOf = async (...keys: string[]) => {
      const { made: cells } = painting.nodeCells;
      const { made: lines } = painting.gridLines;
      const bytes = screen.surface.bytesWritten;
      draw.mockClear();
      await screen.press(...keys);
      return {
        cells: painting.nodeCells.made - cells,
        lines: painting.gridLines.made - lines,
        bytes: screen.surface.bytesWritten - bytes,
        renders: draw.mock.calls.length,
      };
    };
    await screen.press('l', 'j');
    const aside = await costOf('l');
    expect(aside).toMatchObject({ cells: 0, lines: 1, renders: 0 });
    const down = await costOf('j');
    expect(down).toMatchObject({ cells: 0, lines: 2, renders: 0 });
    for (const { bytes } of [aside, down]) expect(bytes).toBeLessThanOrEqual(220);
  });

  test('only cells in the window are made', async () => {
    const screen = await openScreen({ view: BIG, port: scriptedPort(bigPool(5000).port) });
    const { painting } = screen.context;
    expect(painting.nodeCells.made).toBeLessThanOrEqual(76 * 13);
    const before = painting.nodeCells.made;
    await screen.press('pgdn');
    expect(painting.nodeCells.made - before).toBe(76);
  });

  test('a refresh that changes one node makes one line', async () => {
    const pool = bigPool(5000);
    const screen = await openScreen({ view: BIG, port: scriptedPort(pool.port) });
    const { painting } = screen.context;
    await screen.pass(3 * SECOND);
    pool.changes.set(100, { state: 'offline' });
    const { made } = painting.gridLines;
    await screen.pass(3 * SECOND);
    expect(painting.gridLines.made - made).toBe(1);
  });
});
