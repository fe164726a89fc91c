import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { TestTerminal } from '../support/terminal.ts';
import { cursorRow, sendAccountForm, showsCursor, startUi } from '../support/ui.ts';
import { until } from '../support/until.ts';

function startDemo(speed: string): TestTerminal {
  return startUi({ args: ['demo', '--speed', speed], cols: 120, rows: 34 });
}

describe('the demo in a terminal', () => {
  it('goes from an empty account to a live tail and back, and leaves nothing behind', async () => {
    // Slow enough that the pool is seen while it is resized.
    const ui = startDemo('0.5');
    await ui.waitFor(/│ mypool +active +resizing +0 +3 /);
    await ui.waitFor(/│ mypool +active +steady +3 +3 /);
    await ui.waitFor('Holds:    1 pool, 3 nodes');

    ui.press('enter');
    await ui.waitFor('nodes(mypool)[3]');
    await ui.waitFor((screen) => (screen.match(/│ tvmps_\S+ +(idle|running) /g) ?? []).length === 3);
    ui.press('esc');
    await ui.waitFor('pools[1]');

    ui.type(':jobs\r');
    await ui.waitFor(/│ myschedule:job-1 +completed .* JMComplete /);
    ui.type('/myjob\r');
    await ui.waitFor((screen) => screen.includes('jobs[1/3]') && cursorRow(ui).startsWith('myjob '));
    ui.press('enter');
    await ui.waitFor('tasks(myjob)[10]');
    await ui.waitFor((screen) => (screen.match(/│ mytask\d+ +completed +success +0 /g) ?? []).length === 10);
    ui.type('/mytask7\r');
    await ui.waitFor(() => cursorRow(ui).startsWith('mytask7 '));
    ui.press('enter');
    await ui.waitFor('files(myjob/mytask7)');
    ui.type('/stdout\r');
    await ui.waitFor(() => cursorRow(ui).startsWith('stdout.txt '));
    ui.press('enter');
    await ui.waitFor(/│AZ_BATCH_TASK_ID=mytask7 processed by +│\n│AZ_BATCH_NODE_ID=tvmps_\w+/);
    await ui.waitFor(' ended ');

    ui.type(':tasks morework\r');
    await ui.waitFor(/│ ticks +running /);
    expect(ui.screen()).toMatch(/│ waits +active /);
    expect(ui.screen()).toMatch(/│ fails +completed +failure +3 /);
    ui.type('/ticks\r');
    await ui.waitFor(() => cursorRow(ui).startsWith('ticks '));
    ui.press('l');
    await ui.waitFor(/│line 3 of 300 at \d\d:\d\d:\d\d /);
    await ui.waitFor(/│line 5 of 300 /);
    expect(ui.screen()).toContain(' following ');

    ui.press('ctrl-c');
    expect(await ui.exit).toEqual({ code: 0, signal: undefined });
    expect([ui.isAlternate(), showsCursor(ui)]).toEqual([false, true]);
    const endpoint = endpointOf(ui);
    await expect(fetch(endpoint)).rejects.toThrow();
    expect(processesOf(endpoint)).toEqual([]);
  });

  it('tells what goes on in an account that was made in it', async () => {
    const ui = startUi({ args: ['demo', '--speed', '10'], cols: 200, rows: 50 });
    await ui.waitFor('mypool');
    ui.type(':accounts\r');
    await ui.waitFor(/azbdemo\(\*\) +Succeeded/);
    await sendAccountForm(ui, 'mine');
    await ui.waitFor(/│ mine +Succeeded/);
    await ui.waitFor('account mine was made');
    ui.press('p');
    await ui.waitFor(/│ mine +Succeeded.*0 pools, 0 nodes, 0 jobs /);
    ui.press('ctrl-c');
    expect((await ui.exit).code).toBe(0);
  });

  it.runIf(process.platform === 'linux')(
    'takes the emulator and its tasks along when it is killed',
    async () => {
      const ui = startDemo('10');
      await ui.waitFor('mypool');
      ui.type(':tasks morework\r');
      await ui.waitFor(/│ ticks +running /);
      const endpoint = endpointOf(ui);
      expect(processesOf(endpoint)).not.toEqual([]);
      ui.kill('SIGKILL');
      await ui.exit;
      await until(
        () =>
          fetch(endpoint).then(
            () => 'answers',
            () => 'gone',
          ),
        (state) => state === 'gone',
      );
      await until(
        () => processesOf(endpoint),
        (pids) => pids.length === 0,
      );
    },
  );
});

function endpointOf(ui: TestTerminal): string {
  return /http:\/\/127\.0\.0\.1:\d+/.exec(ui.output)?.[0] ?? '';
}

/** Processes that run as tasks of the service at this address. Only Linux tells; elsewhere there are none. */
function processesOf(endpoint: string): string[] {
  if (process.platform !== 'linux') return [];
  const wanted = `AZ_BATCH_ACCOUNT_URL=${endpoint}`;
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return pids.filter((pid) => {
    try {
      return readFileSync(`/proc/${pid}/environ`, 'utf8').includes(wanted);
    } catch {
      return false;
    }
  });
}
