import { describe, expect, test } from 'vitest';
import type { BatchPort } from '../../src/api/port.ts';
import { ServiceError } from '../../src/lib/errors.ts';
import { topView } from '../../src/store/app-store.ts';
import type { Services } from '../../src/store/services.ts';
import { listView } from '../../src/store/views.ts';
import { expectFrame, SIZES } from '../support/frame-sizes.ts';
import { openScreen, type ScreenOptions, type TestScreen } from '../support/frames.tsx';
import { scriptedManagement } from '../support/scripted-management.ts';
import { page, scriptedPort } from '../support/scripted-port.ts';

const TASKS_OF_JOB = listView('tasks', { job: 'myjob' });
const NODES = listView('nodes', { pool: 'mypool' });

/** Gives this machine a key for ssh. */
function withKey(screen: TestScreen): void {
  const services = screen.services as { host: Services['host'] };
  services.host = {
    ...services.host,
    publicKey: () => ({ text: 'ssh-ed25519 AAAAC3Nza me@here', identityFile: '/home/me/.ssh/id_ed25519' }),
  };
}

describe.each(SIZES)('actions at %ix%i', (columns, rows) => {
  const open = (options: ScreenOptions = {}) => openScreen({ columns, rows, ...options });

  test('the difference that an edit makes', async () => {
    const edit = (text: string) =>
      text
        .replace(/^priority: .*$/m, 'priority: 7')
        .replace(
          /^# metadata:\n# {3}- name: project\n# {5}value: blue/m,
          'metadata:\n  - name: a\n    value: b',
        );
    const screen = await open({ view: listView('jobs', {}), edit });
    await screen.press('e');
    await expectFrame(screen, 'edit-difference');
  });

  test('an edit that could not be sent', async () => {
    const update = () =>
      Promise.reject(new ServiceError({ status: 503, code: 'ServerBusy', message: 'busy' }));
    const edit = (text: string) => text.replace(/^priority: .*$/m, 'priority: 7');
    const screen = await open({ view: listView('jobs', {}), edit, port: scriptedPort({ update }) });
    await screen.press('e', 'left', 'enter');
    await expectFrame(screen, 'edit-busy');
  });

  test('a clone', async () => {
    const screen = await open({ view: TASKS_OF_JOB });
    await screen.press('ctrl-n');
    await expectFrame(screen, 'clone-task');
  });

  test('autoscaling, with a dry run', async () => {
    const pool = {
      id: 'mypool',
      enableAutoScale: true,
      autoScaleFormula: '// one for each\n$TargetDedicatedNodes = $PendingTasks.GetSample(1);\n',
      autoScaleEvaluationInterval: 'PT15M',
      targetDedicatedNodes: 3,
      targetLowPriorityNodes: 0,
    };
    const results = '$TargetDedicatedNodes=5;$TargetLowPriorityNodes=0;$NodeDeallocationOption=requeue';
    const screen = await open({
      port: scriptedPort({ get: async () => pool, ask: async () => ({ results }) }),
    });
    await screen.press('a', 'tab', 'tab', 'enter');
    await expectFrame(screen, 'autoscale');
  });

  test('ssh to a node that has a port, and to one that has none', async () => {
    const settings = { remoteLoginIPAddress: '20.1.2.3', remoteLoginPort: 50001 };
    const reached = await open({ view: NODES, port: scriptedPort({ ask: async () => settings }) });
    withKey(reached);
    await reached.press('s');
    await expectFrame(reached, 'ssh');
    const ask = () =>
      Promise.reject(
        new ServiceError({ status: 409, code: 'OperationNotValidOnNode', message: 'no endpoint' }),
      );
    const closed = await open({ view: NODES, port: scriptedPort({ ask }) });
    withKey(closed);
    await closed.press('s');
    await expectFrame(closed, 'ssh-private');
  });

  test('a user of a node', async () => {
    const screen = await open({ view: NODES });
    withKey(screen);
    await screen.press('u');
    await expectFrame(screen, 'form-user');
    await screen.press('right');
    expect(screen.text()).toContain('[ Update ]');
  });

  test('why a job does not run', async () => {
    const screen = await open({ view: listView('jobs', {}) });
    await screen.press('w');
    await expectFrame(screen, 'why-job');
  });

  test('why a task failed', async () => {
    const screen = await open({ view: TASKS_OF_JOB });
    await screen.press('w');
    await expectFrame(screen, 'why-task');
  });

  test('why a pool has too few nodes', async () => {
    const screen = await open({ view: listView('pools', {}) });
    await screen.press('j', 'w');
    await expectFrame(screen, 'why-pool');
  });

  test('how far a job is', async () => {
    const screen = await open({ view: listView('jobs', {}) });
    await screen.press('t');
    await expectFrame(screen, 'progress');
  });

  test('the hours of pools', async () => {
    const screen = await open({ view: listView('pools', {}) });
    await screen.press('u');
    await expectFrame(screen, 'nodehours');
  });

  test('what is watched stands in the title', async () => {
    const screen = await open({ view: listView('jobs', {}) });
    await screen.press('B');
    expect(screen.text()).toMatch(/♪ \w+ +\d+s ─/);
    await screen.press('B');
    expect(screen.text()).not.toContain('♪');
  });

  test('failures in groups', async () => {
    const screen = await open({ view: TASKS_OF_JOB });
    await screen.press('v');
    await expectFrame(screen, 'failures');
  });

  test.each(['subtasks', 'preparations', 'certificates', 'applications', 'usage', 'statistics'])(
    'the list of %s',
    async (resource) => {
      const scope = resource === 'subtasks' ? { job: 'myjob', task: 'mytask1' } : { job: 'myjob' };
      const isAccounts = !['subtasks', 'preparations'].includes(resource);
      const screen = await open({ view: listView(resource, isAccounts ? {} : scope) });
      await expectFrame(screen, resource);
    },
  );

  test('the versions of an application, which enter leads to, with one made the default and one deleted', async () => {
    const management = scriptedManagement();
    const screen = await open({ management, view: listView('applications', {}) });
    await screen.press('enter');
    await expectFrame(screen, 'packages');
    const application = topView(screen.store.getState());
    const scope = { account: 'contoso', ...('scope' in application ? application.scope : {}) };
    await screen.press('v');
    expect(screen.text()).toContain('it is the default already');
    await screen.press('down', 'v', 'tab', 'enter');
    expect(management.calls).toContainEqual({
      method: 'act',
      args: [expect.objectContaining({ resource: 'packages', action: 'makeDefault', scope, id: '1.1' })],
    });
    await screen.press('n');
    expect(screen.text()).toMatch(/Application +blender|Application +\S+/);
    await screen.press('esc', 'ctrl-d', 'tab', 'enter');
    expect(management.calls).toContainEqual({
      method: 'act',
      args: [expect.objectContaining({ resource: 'packages', action: 'delete', scope, id: '1.1' })],
    });
  });

  test('what to do it to, when not all is loaded', async () => {
    const tasks = Array.from({ length: 12 }, (_, index) => ({ id: `t${index}`, state: 'active' }));
    const listPage: BatchPort['listPage'] = async (_resource, _scope, { next }) =>
      next === undefined ? page(tasks.slice(0, 8), 'more') : page(tasks.slice(8));
    const screen = await open({
      view: TASKS_OF_JOB,
      session: { rowLimit: 8 },
      port: scriptedPort({ listPage }),
    });
    await screen.press('*', 'ctrl-d', 'tab', 'tab', 'space');
    await expectFrame(screen, 'confirm-which');
  });

  test('what failed of many, to be tried again', async () => {
    const act = () => Promise.reject(new ServiceError({ status: 409, code: 'JobBusy', message: 'later' }));
    const screen = await open({ view: TASKS_OF_JOB, port: scriptedPort({ act }) });
    await screen.press('*', 'ctrl-d', 'tab', 'enter');
    await expectFrame(screen, 'bulk-again');
  });
});
