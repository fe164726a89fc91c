import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addTasks, NEVER, poolBody, startTestEmulator, type TestEmulator } from '../support/emulator.ts';
import { startReadyUi } from '../support/ui.ts';
import { until } from '../support/until.ts';

interface Node {
  readonly id: string;
  readonly state: string;
}

describe('operating on what runs', () => {
  let emulator: TestEmulator;
  let home: string;
  let node: string;

  beforeAll(async () => {
    home = mkdtempSync(join(tmpdir(), 'azb-operate-'));
    emulator = await startTestEmulator('--speed', '200');
    const { port } = emulator;
    await port.add('pools', {}, poolBody('small', 1), NEVER);
    const nodes = await until(
      async () => (await port.listPage('nodes', { pool: 'small' }, {}, NEVER)).rows as readonly Node[],
      (rows) => rows[0]?.state === 'idle',
    );
    node = nodes[0]?.id ?? '';
    await port.add('jobs', {}, { id: 'work', poolInfo: { poolId: 'small' } }, NEVER);
    await addTasks(port, 'work', [
      { id: 'good', commandLine: "/bin/sh -c 'echo kept'" },
      { id: 'bad', commandLine: "/bin/sh -c 'exit 3'" },
    ]);
    await until(
      () => port.taskCounts('work', NEVER),
      ({ tasks }) => tasks.completed === 2,
    );
  });
  afterAll(async () => {
    await emulator.end('SIGTERM');
    rmSync(home, { recursive: true });
  });

  it('gives the terminal to ssh as a user that is gone afterwards', async () => {
    const tools = join(home, 'tools');
    const log = join(home, 'ssh.log');
    mkdirSync(tools);
    mkdirSync(join(home, '.ssh'));
    writeFileSync(join(home, '.ssh', 'id_ed25519.pub'), 'ssh-ed25519 AAAAC3Nza me@here\n');
    const ssh = join(tools, 'ssh');
    writeFileSync(ssh, `#!/bin/sh\necho "$@" > '${log}'\necho "key: $AZURE_BATCH_ACCESS_KEY." >> '${log}'\n`);
    chmodSync(ssh, 0o700);
    const PATH = `${tools}${delimiter}${process.env.PATH}`;
    const ui = await startReadyUi({
      env: { ...emulator.env, HOME: home, PATH },
      args: ['-c', 'nodes small'],
    });
    ui.press('s');
    await ui.waitFor(/ssh to node [\s\S]*public 127\.0\.0\.1:\d+/);
    ui.press('ctrl-s');
    await ui.waitFor('ssh ended; the user azb is removed from the node');
    const [args = '', key] = readFileSync(log, 'utf8').split('\n');
    expect(args).toMatch(/^-p \d+ -i .*\/\.ssh\/id_ed25519 -o HostKeyAlias=\S+ -- azb@127\.0\.0\.1$/);
    expect(args).toContain(`HostKeyAlias=${node}`);
    expect(key).toBe('key: .');
    const again = {
      resource: 'nodes',
      scope: { pool: 'small' },
      id: node,
      action: 'deleteUser',
      args: { name: 'azb' },
    };
    await expect(emulator.port.act(again, NEVER)).rejects.toMatchObject({ code: 'NodeUserNotFound' });
  });

  it('saves a file of a task on this machine', async () => {
    const ui = await startReadyUi({
      env: { ...emulator.env, HOME: home },
      args: ['-c', 'files work good /stdout'],
    });
    await ui.waitFor(/│ stdout\.txt /);
    ui.press('ctrl-s');
    await ui.waitFor(/saved .*good-stdout\.txt/);
    const folder = join(home, '.local', 'share', 'azb', 'dumps');
    expect(existsSync(folder)).toBe(true);
    const name = readdirSync(folder).find((file) => file.endsWith('good-stdout.txt')) ?? '';
    expect(readFileSync(join(folder, name), 'utf8')).toBe('kept\n');
    ui.type(':dumps\r');
    await ui.waitFor(/dumps\[\d+\]/);
    ui.type('/good-stdout\r');
    ui.press('ctrl-d');
    await ui.waitFor('Delete dump');
    ui.press('tab', 'enter');
    await ui.waitFor('no dumps');
    expect(existsSync(join(folder, name))).toBe(false);
  });

  it('leads from the failures of a job to the tasks, and says why one failed', async () => {
    const ui = await startReadyUi({ env: emulator.env, args: ['-c', 'tasks work'] });
    ui.press('v');
    await ui.waitFor(/│ exit code +3 +1 +100%/);
    ui.press('enter');
    await ui.waitFor(/<failed> <\/exit=3>/);
    await ui.waitFor(/│ bad +completed/);
    ui.press('w');
    await ui.waitFor(/task bad of job work: completed[\s\S]*it failed with exit code 3/);
  });

  it('searches what the failed tasks of a job wrote, and leads to the file and to the node', async () => {
    const { port } = emulator;
    await port.add('jobs', {}, { id: 'noisy', poolInfo: { poolId: 'small' } }, NEVER);
    const bodies = [1, 2, 3].map((number) => ({
      id: `n${number}`,
      commandLine: `/bin/sh -c 'echo "cannot open /data/${number}" >&2; exit 1'`,
    }));
    await addTasks(port, 'noisy', bodies);
    await until(
      () => port.taskCounts('noisy', NEVER),
      ({ tasks }) => tasks.failed === 3,
    );
    const ui = await startReadyUi({ env: emulator.env, args: ['-c', 'tasks noisy'] });
    ui.press('s');
    await ui.waitFor('grep noisy /');
    ui.type('CANNOT');
    ui.press('enter');
    await ui.waitFor(/│ n\d +3 +1 .*cannot open \/data\/\d/);
    ui.press('enter');
    await ui.waitFor('[3] </like:^1$>');
    ui.press('enter');
    await ui.waitFor(/tail\(noisy\/n\d\/stderr\.txt\) <\/cannot open \/data\/\d> \[1:1\]/);
    ui.press('esc');
    await ui.waitFor(/tail\(noisy\/n\d\/stderr\.txt\) ─/);
    ui.press('esc');
    await ui.waitFor(/lines\(noisy[^\n]*<\/like/);
    ui.press('m');
    await ui.waitFor(/nodes\(small\)\[1\] <\/id:\^tvmps_/);
  });

  it('shows how far a job is, and rings when it is done', async () => {
    const { port } = emulator;
    await port.add('jobs', {}, { id: 'slow', poolInfo: { poolId: 'small' } }, NEVER);
    const go = join(home, 'go');
    await addTasks(port, 'slow', [
      { id: 'now', commandLine: '/bin/true' },
      { id: 'later', commandLine: `/bin/sh -c 'while [ ! -e ${go} ]; do sleep 0.1; done'` },
    ]);
    await until(
      () => port.taskCounts('slow', NEVER),
      ({ tasks }) => tasks.completed === 1 && tasks.running === 1,
    );
    const ui = await startReadyUi({ env: emulator.env, args: ['-c', 'jobs /^slow'] });
    ui.press('B');
    await ui.waitFor(/♪ slow/);
    ui.press('t');
    await ui.waitFor(/1 of 2 tasks completed, 1 running[\s\S]*Nodes over time/);
    const before = ui.output.length;
    writeFileSync(go, '');
    await until(
      () => ui.output.slice(before),
      (written) => written.includes('\x07'),
    );
    await ui.waitFor('job slow: all 2 tasks completed');
  });

  it('turns autoscale on, and shows what a formula would do before it is applied', async () => {
    const EDITOR = join(home, 'editor');
    writeFileSync(EDITOR, `#!/bin/sh\nsed -i 's/min(5, waiting)/4/' "$1"\n`);
    chmodSync(EDITOR, 0o700);
    const { port } = emulator;
    await port.add('pools', {}, poolBody('elastic', 0), NEVER);
    await until(
      async () => (await port.get('pools', {}, 'elastic', NEVER)) as { allocationState?: string },
      (pool) => pool.allocationState === 'steady',
    );
    const ui = await startReadyUi({ env: { ...emulator.env, EDITOR }, args: ['-c', 'pools /elastic'] });
    await ui.waitFor(/│ elastic /);
    ui.press('a');
    await ui.waitFor('Autoscale of pool elastic: off');
    ui.press('left', 'enter');
    await ui.waitFor('pool elastic scales by its formula from now on');
    ui.press('a');
    await ui.waitFor('Autoscale of pool elastic: on');
    ui.press('tab', 'enter');
    await ui.waitFor('edited, not applied');
    ui.press('tab', 'tab', 'tab', 'enter');
    await ui.waitFor(/Dry run: nothing was changed[\s\S]*TargetDedicatedNodes: 0 → 4/);
    expect(await port.get('pools', {}, 'elastic', NEVER)).toMatchObject({
      autoScaleFormula: expect.stringContaining('min(5, waiting)'),
    });
  });
});
