/** A list that is scrolled takes the lines that stay: what it shows must be what a list painted anew shows. */
import { expect, test } from 'vitest';
import { stripSgr } from '../../src/lib/style.ts';
import { paintView } from '../../src/screens/paint.ts';
import { createPainting } from '../../src/screens/painting.ts';
import { listView } from '../../src/store/views.ts';
import { bigJob } from '../support/big-job.ts';
import { openScreen, type TestScreen } from '../support/frames.tsx';
import { task } from '../support/samples.ts';
import { page, scriptedPort } from '../support/scripted-port.ts';

/** The lines of the view on the screen, and as they are painted with nothing remembered. */
function bothWays({ context, store, surface, text }: TestScreen) {
  const { width, height } = surface.viewSize();
  const { palette, listings, now, serviceNow } = context.painting;
  const fresh = createPainting(palette, listings, now, serviceNow);
  const top = surface.viewTop();
  return {
    shown: text()
      .split('\n')
      .slice(top, top + height),
    afresh: paintView(fresh, store.getState(), width, height).map((line) => stripSgr(line).trimEnd()),
  };
}

test('rows that come in at either edge stand beside those that stay', async () => {
  const port = scriptedPort(bigJob(200).port);
  const screen = await openScreen({ port, view: listView('tasks', { job: 'big' }) });
  const down = Array.from({ length: 30 }, () => 'j');
  const up = Array.from({ length: 25 }, () => 'k');
  for (const key of [...down, ...up, 'ctrl-f', 'j', 'G', 'k', ...up, 'j', 'g', 'j']) {
    await screen.press(key);
    const { shown, afresh } = bothWays(screen);
    expect(shown).toEqual(afresh);
  }
});

test('a row that comes in and needs a wider column has all of them laid out anew', async () => {
  const rows = Array.from({ length: 40 }, (_, number) =>
    task(number < 30 ? `t${number}` : `much-longer-${number}`),
  );
  const port = scriptedPort({
    listPage: async (resource) => page(resource === 'tasks' ? rows : []),
  });
  const screen = await openScreen({ port, view: listView('tasks', { job: 'myjob' }) });
  await screen.press(...Array.from({ length: 32 }, () => 'j'));
  const { shown, afresh } = bothWays(screen);
  expect(shown).toEqual(afresh);
  expect(shown.join('\n')).toContain('much-longer-32');
});

test('the way to here names the job that is looked at', async () => {
  const screen = await openScreen({ view: listView('tasks', { job: 'myjob' }) });
  expect(screen.text()).toMatch(/^ +tasks\(myjob\)$/m);
  await screen.press(':tasks render\r');
  expect(screen.text()).toMatch(/^ +tasks\(render\)$/m);
});
