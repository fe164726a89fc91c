import { describe, expect, test } from 'vitest';
import { listView } from '../../src/store/views.ts';
import { openScreen } from '../support/frames.tsx';
import { job, SECOND } from '../support/samples.ts';
import { NO_COUNTS, page, scriptedPort } from '../support/scripted-port.ts';

/** So many jobs that not all are asked about at a look; in the last one, and in the third, tasks have failed. */
async function openJobs() {
  const ids = Array.from({ length: 140 }, (_, number) => `job${String(number).padStart(3, '0')}`);
  const port = scriptedPort({
    listPage: async (resource) => page(resource === 'jobs' ? ids.map((id) => job(id)) : []),
    taskCounts: async (id) => {
      const failed = id === 'job002' || id === 'job139' ? 1 : 0;
      const tasks = { ...NO_COUNTS, completed: 5, succeeded: 5 - failed, failed };
      return { tasks, slots: tasks };
    },
  });
  const screen = await openScreen({ port, view: listView('jobs', {}) });
  return { screen, port };
}

describe.each([
  ['ctrl-z', 'faults'],
  ['4', 'faulty'],
])('jobs narrowed by %s', (key, label) => {
  test('are also those whose tasks failed, which the job itself does not tell', async () => {
    const { screen } = await openJobs();
    await screen.press(key);
    expect(screen.text()).toContain('job002');
    // Those off the screen are still to be asked about, and that is said until they were.
    expect(screen.text()).not.toContain('job139');
    expect(screen.text()).toMatch(new RegExp(`<${label}, \\d+ still to be asked about>`));
    for (let looks = 0; looks < 5; looks += 1) await screen.pass(3 * SECOND);
    expect(screen.text()).toContain('job139');
    expect(screen.text()).toContain(`jobs[2/140] <${label}> `);
  });
});

test('jobs sorted by how many of their tasks failed are all asked about', async () => {
  const { screen, port } = await openJobs();
  await screen.pass(30 * SECOND);
  const before = new Set(port.asked('taskCounts').map(([id]) => id)).size;
  expect(before).toBeLessThan(20);
  await screen.press('>', '>', '>', '>', '>', '>', '~');
  for (let looks = 0; looks < 5; looks += 1) await screen.pass(3 * SECOND);
  expect(screen.text()).toContain('FAILED↓');
  await screen.press('g');
  const first = screen.rowOf('FAILED↓') + 1;
  expect([screen.rowOf('job002'), screen.rowOf('job139')].sort()).toEqual([first, first + 1]);
});
