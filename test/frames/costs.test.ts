import { describe, expect, test, vi } from 'vitest';
import type { BatchPort } from '../../src/api/port.ts';
import type { ListView } from '../../src/store/state.ts';
import { listView } from '../../src/store/views.ts';
import { bigJob } from '../support/big-job.ts';
import { openScreen } from '../support/frames.tsx';
import { HOUR, NOW, SECOND } from '../support/samples.ts';
import { page, scriptedPort } from '../support/scripted-port.ts';

/** What a paint cost. Times are not among it: counts do not vary from run to run. */
interface Cost {
  readonly bytes: number;
  /** Rows whose cells were formatted. */
  readonly formatted: number;
  /** Lines of rows that were put together. */
  readonly lines: number;
  /** Lists that were painted whole. */
  readonly frames: number;
  /** Frames that React and Ink drew. */
  readonly renders: number;
}

/** A list of so many tasks on 200x50, all of them loaded, and a measure of what happens to it. */
async function openTasks(size: number) {
  const job = bigJob(size);
  return { job, ...(await open(scriptedPort(job.port), listView('tasks', { job: 'big' }))) };
}

/** A list on 200x50, and a measure of what happens to it. */
async function open(port: BatchPort, view: ListView) {
  const session = { refreshSeconds: 2, rowLimit: 100_000 };
  const screen = await openScreen({ columns: 200, rows: 50, port, view, session });
  const { painting } = screen.context;
  const draw = vi.spyOn(screen.surface.sink, 'write');
  const costOf = async (what: () => Promise<void>): Promise<Cost> => {
    const { made: formatted } = painting.rowCells;
    const { made: lines } = painting.rowLines;
    const { made: frames } = painting.listFrames;
    const bytes = screen.surface.bytesWritten;
    draw.mockClear();
    await what();
    return {
      bytes: screen.surface.bytesWritten - bytes,
      formatted: painting.rowCells.made - formatted,
      lines: painting.rowLines.made - lines,
      frames: painting.listFrames.made - frames,
      renders: draw.mock.calls.length,
    };
  };
  return { screen, costOf };
}

describe('a cursor move', () => {
  test('among 100,000 tasks formats nothing, makes no line and writes few bytes', async () => {
    const { screen, costOf } = await openTasks(100_000);
    expect(screen.text()).toContain('[100,000]');
    await screen.press('j', 'j', 'j');
    const cost = await costOf(() => screen.press('j'));
    expect(cost).toMatchObject({ formatted: 0, lines: 0, frames: 0, renders: 0 });
    expect(cost.bytes).toBeGreaterThan(0);
    expect(cost.bytes).toBeLessThanOrEqual(450);
  });

  test('at the edge of the window formats the row that comes in, and shifts the others', async () => {
    const { screen, costOf } = await openTasks(20_000);
    await screen.press(...Array.from({ length: 60 }, () => 'j'));
    const cost = await costOf(() => screen.press('j'));
    expect(cost).toMatchObject({ formatted: 1, frames: 0, renders: 0 });
    expect(cost.lines).toBeLessThanOrEqual(2);
    expect(cost.bytes).toBeLessThanOrEqual(500);
  });

  test('that comes with others waits for no ages; they tick when the keys pause', async () => {
    const rows = Array.from({ length: 20 }, (_, number) => ({
      id: `task${number}`,
      state: 'active',
      creationTime: new Date(NOW - SECOND).toISOString(),
    }));
    const port = scriptedPort({ listPage: async (resource) => page(resource === 'tasks' ? rows : []) });
    const { screen, costOf } = await open(port, listView('tasks', { job: 'young' }));
    const cost = await costOf(async () => {
      for (let turn = 0; turn < 20; turn += 1) {
        await screen.press('j');
        await screen.pass(SECOND / 10);
      }
    });
    expect(cost.formatted).toBe(0);
    const pause = await costOf(() => screen.pass(SECOND));
    expect(pause.formatted).toBe(20);
  });

  test('by a page formats one window of rows', async () => {
    const { screen, costOf } = await openTasks(20_000);
    const cost = await costOf(() => screen.press('ctrl-f'));
    expect(cost.formatted).toBeLessThanOrEqual(45);
    expect(cost.renders).toBe(0);
    expect(cost.bytes).toBeLessThanOrEqual(9_000);
  });
});

describe('a refresh', () => {
  test('without news writes the age and nothing else', async () => {
    const { screen, costOf } = await openTasks(5_000);
    await screen.pass(60 * SECOND);
    const cost = await costOf(() => screen.pass(10 * SECOND));
    expect(cost).toMatchObject({ lines: 0, renders: 0 });
    // Ten times a second's age in the corner of the frame.
    expect(cost.bytes).toBeLessThanOrEqual(10 * 32);
  });

  test('that changes one task makes one line and lets React rest', async () => {
    const { job, screen, costOf } = await openTasks(5_000);
    await screen.pass(60 * SECOND);
    await screen.press('j', 'j', 'j');
    await screen.pass(2 * SECOND);
    job.changed = 1;
    const cost = await costOf(() => screen.pass(2 * SECOND));
    expect(screen.text()).toContain('running');
    expect(cost).toMatchObject({ lines: 1, renders: 0 });
    // The line, and how many tasks are in which state.
    expect(cost.bytes).toBeLessThanOrEqual(300);
  });

  test('that changes one cell writes that cell', async () => {
    const nodes = (runningTasksCount: number) =>
      Array.from({ length: 40 }, (_, number) => ({
        id: `node${String(number).padStart(2, '0')}`,
        state: 'running',
        stateTransitionTime: new Date(NOW - 30 * HOUR).toISOString(),
        runningTasksCount: number === 5 ? runningTasksCount : 1,
      }));
    const port = scriptedPort({ listPage: async () => page(nodes(1)) });
    const { screen, costOf } = await open(port, listView('nodes', { pool: 'p' }));
    await screen.pass(60 * SECOND);
    const age = await costOf(() => screen.pass(2 * SECOND));
    port.play({ listPage: async () => page(nodes(2)) });
    const cost = await costOf(() => screen.pass(2 * SECOND));
    expect(screen.text()).toMatch(/node05 .* 2↑/);
    expect(cost).toMatchObject({ formatted: 1, lines: 1, renders: 0 });
    expect(cost.bytes - age.bytes).toBeLessThanOrEqual(60);
  });
});
