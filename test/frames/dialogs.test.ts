import { describe, expect, test } from 'vitest';
import type { StoragePort } from '../../src/api/port.ts';
import { AzbError, CredentialError, NotConfiguredError, ServiceError } from '../../src/lib/errors.ts';
import { openPanel } from '../../src/store/panel.ts';
import { listView, mapView } from '../../src/store/views.ts';
import { expectFrame, SIZES } from '../support/frame-sizes.ts';
import { openScreen, type ScreenOptions } from '../support/frames.tsx';
import { scriptedManagement } from '../support/scripted-management.ts';
import { noAnswer, page, scriptedPort } from '../support/scripted-port.ts';

const TASKS_OF_JOB = listView('tasks', { job: 'myjob' });

const EXISTS = new ServiceError({
  status: 409,
  code: 'PoolExists',
  message: 'The specified pool already exists.',
  next: 'choose another id',
});

describe.each(SIZES)('dialogs at %ix%i', (columns, rows) => {
  const open = (options: ScreenOptions = {}) => openScreen({ columns, rows, ...options });

  test('the pool form, with what the service said', async () => {
    const screen = await open({ port: scriptedPort({ add: () => Promise.reject(EXISTS) }) });
    await screen.press('n');
    await expectFrame(screen, 'form-pool');
    await screen.press('ctrl-s');
    await expectFrame(screen, 'form-pool-refused');
  });

  test('the job form, with a mistake', async () => {
    const screen = await open({ view: listView('jobs', {}) });
    await screen.press('n', 'ctrl-u', 'my job', 'tab', 'tab', '7000');
    await expectFrame(screen, 'form-job');
  });

  test('the task form, with a range and a mistake in it', async () => {
    const screen = await open({ view: TASKS_OF_JOB });
    await screen.press('n');
    await expectFrame(screen, 'form-task');
    await screen.press('ctrl-u', 't{9..1}', 'tab');
    await expectFrame(screen, 'form-task-mistake');
  });

  test('a form with its body edited', async () => {
    const edit = (text: string) => text.replace('commandLine:', 'commandline').concat('priority: [');
    const screen = await open({ view: TASKS_OF_JOB, edit });
    await screen.press('n', 'ctrl-o');
    await expectFrame(screen, 'form-yaml');
  });

  test('the resize form', async () => {
    const screen = await open();
    await screen.press('z', 'tab', 'tab');
    await expectFrame(screen, 'form-resize');
  });

  test('the picker of images', async () => {
    const screen = await open();
    await screen.press('n', 'tab', 'tab', 'enter');
    await expectFrame(screen, 'picker');
    await screen.press('ubuntu 22');
    await expectFrame(screen, 'picker-narrowed');
  });

  test('the picker of VM sizes, and what it says where they cannot be listed', async () => {
    const management = scriptedManagement();
    const screen = await open({ management });
    await screen.press('n', 'tab', 'enter');
    await expectFrame(screen, 'picker-sizes');
    management.play({
      listPage: () => Promise.reject(new CredentialError('nobody is signed in', { next: 'az login' })),
    });
    await screen.press('esc', 'enter');
    await expectFrame(screen, 'picker-sizes-unknown');
  });

  test('what is said of choices stays in its column, however far they are scrolled', async () => {
    const sizes = Array.from({ length: 40 }, (_, number) => ({
      name: number < 39 ? `Standard_A${number + 1}` : 'Standard_NC24ads_A100_v4',
      family: 'f',
      vCPUs: 2,
    }));
    const management = scriptedManagement({ listPage: async () => page(sizes) });
    const screen = await open({ management });
    await screen.press('n', 'tab', 'enter');
    const column = () => screen.row(screen.rowOf('2 vCPUs')).indexOf('2 vCPUs');
    const before = column();
    await screen.press('pgdn', 'pgdn', 'pgdn', 'pgdn', 'pgdn');
    expect(screen.text()).toContain('Standard_NC24ads_A100_v4');
    expect(column()).toBe(before);
  });

  test('uploading, making a container, and signing', async () => {
    const storage = {} as StoragePort;
    const port = scriptedPort({ storage });
    const blobs = await open({ port, view: listView('blobs', { container: 'input' }) });
    await blobs.press('u', '~/data/*.csv', 'tab');
    await expectFrame(blobs, 'form-upload');
    await blobs.press('esc', 'esc', 's');
    await expectFrame(blobs, 'form-sign');
    await blobs.press('esc', 'ctrl-d');
    await expectFrame(blobs, 'confirm-blob');
    const management = scriptedManagement();
    const applications = await open({ management, view: listView('applications', {}) });
    await applications.press('n', 'tab', '1.0', 'tab', 'tool.tar', 'tab');
    await expectFrame(applications, 'form-application');
    await applications.press('esc', 'esc', 'ctrl-d');
    await expectFrame(applications, 'application-delete');
    await applications.press('esc', 'x', 'ctrl-s');
    await expectFrame(applications, 'application-version');
    await applications.press('right', 'ctrl-s');
    expect(management.calls.at(-1)).toMatchObject({
      method: 'act',
      args: [
        { action: 'deleteVersion', scope: { account: 'contoso' }, args: { version: expect.any(String) } },
      ],
    });
    const containers = await open({ view: listView('containers', {}) });
    await containers.press('n', 'No_Such');
    await expectFrame(containers, 'form-container');
  });

  test('a question about one thing', async () => {
    const screen = await open({ view: listView('jobs', {}) });
    await screen.press('ctrl-d');
    await expectFrame(screen, 'confirm-one');
  });

  test('a question with a choice', async () => {
    const screen = await open({ view: listView('nodes', { pool: 'mypool' }) });
    await screen.press('b');
    await expectFrame(screen, 'confirm-choice');
    await screen.press('tab', 'tab', 'space');
    await expectFrame(screen, 'confirm-choice-changed');
  });

  test('a question about marks, some of them hidden or left out', async () => {
    const screen = await open({ view: TASKS_OF_JOB });
    await screen.press('space', 'space', 'space', '/', 'task3', 'enter', 'x');
    await expectFrame(screen, 'confirm-marks');
  });

  test('a question about many things', async () => {
    const many = Array.from({ length: 200 }, (_, number) => ({ id: `task-${number + 1}`, state: 'active' }));
    const listPage = async (resource: string) => page(resource === 'tasks' ? many : []);
    const screen = await open({ port: scriptedPort({ listPage }), view: TASKS_OF_JOB });
    await screen.press('space', 'G', 'ctrl-space', 'ctrl-d');
    await expectFrame(screen, 'confirm-many');
    // Each of them can be seen before it goes.
    await screen.press('pgdn');
    await expectFrame(screen, 'confirm-many-next');
    for (let page = 0; page < 30; page += 1) await screen.press('pgdn');
    expect(screen.text()).toContain('task-200 ');
    expect(screen.text()).toMatch(/\d+ to 200 of 200: pgdn pgup/);
    await screen.press('pgup');
    expect(screen.text()).not.toContain('  task-200 ');
    await screen.resize(60, 16);
    await screen.press('pgup');
    expect(screen.text()).toContain('[ Cancel ]');
  });

  test('bulk work under way, and with failures', async () => {
    const port = scriptedPort({
      act: ({ id }, signal) =>
        id === 'mytask3' || id === 'mytask4'
          ? Promise.reject(
              new ServiceError({ status: 409, code: 'TaskCompleted', message: 'The task is done.' }),
            )
          : noAnswer(signal),
    });
    const screen = await open({ port, view: TASKS_OF_JOB });
    await screen.press('space', 'G', 'ctrl-space', 'ctrl-d', 'tab', 'enter');
    await expectFrame(screen, 'bulk');
    await screen.press('esc');
    await expectFrame(screen, 'bulk-cancelled');
  });

  test('the prompt with suggestions', async () => {
    const screen = await open();
    await screen.press(':');
    await expectFrame(screen, 'prompt');
    await screen.press('no');
    await expectFrame(screen, 'prompt-suggestions');
    await screen.press('down', 'enter');
    await expectFrame(screen, 'prompt-accepted');
    await screen.press(':', 'nowhere', 'enter');
    await expectFrame(screen, 'prompt-refused');
  });

  test('a filter while it is typed', async () => {
    const screen = await open();
    await screen.press('/', 'my');
    await expectFrame(screen, 'filter-prompt');
  });

  test('no account', async () => {
    const credentialError = new NotConfiguredError('no Batch account is configured');
    const screen = await open({ port: null, credentialError });
    await expectFrame(screen, 'welcome');
    // Every key of the menu does what it says: there is help, though there is nothing else yet.
    await screen.press('?');
    expect(screen.text()).toContain('EVERYWHERE');
    await screen.press('esc');
    expect(screen.text()).toContain('No Batch account yet');
  });

  test('no account, because what tells of it is not whole', async () => {
    const credentialError = new CredentialError('there is an endpoint (environment) but no account name', {
      next: 'export AZURE_BATCH_ACCOUNT=NAME',
    });
    const screen = await open({ port: null, credentialError });
    expect(screen.text()).toContain('there is an endpoint (environment) but no account name');
    expect(screen.text()).toContain('try: export AZURE_BATCH_ACCOUNT=NAME');
  });
});

test('a difference longer than the screen can be read to its end', async () => {
  const screen = await openScreen();
  const lines = Array.from({ length: 40 }, (_, number) => ({ text: `+ line ${number + 1}` }));
  openPanel(screen.services, { title: 'Change pool', lines, buttons: [{ label: 'Cancel' }] });
  await screen.settle();
  expect(screen.text()).toContain('… and 28 more lines: pgdn pgup');
  await screen.press('pgdn');
  expect(screen.text()).toContain('13 to 24 of 40 lines: pgdn pgup');
  await screen.press('pgdn', 'pgdn', 'pgdn');
  expect(screen.text()).toContain('+ line 40 ');
  expect(screen.text()).toContain('29 to 40 of 40 lines');
  await screen.resize(80, 12);
  expect(screen.text()).toContain('[ Cancel ]');
  await screen.press('pgup');
  expect(screen.text()).not.toContain('+ line 40 ');
});

test('the only failure of bulk work is told whole, with what to do', async () => {
  const next = 'az batch account set -g GROUP -n ACCOUNT --storage-account NAME';
  const message = 'no storage account is linked to the Batch account, and packages are kept in one';
  const port = scriptedPort({
    act: ({ id }) => (id === 'mytask3' ? Promise.reject(new AzbError(message, { next })) : Promise.resolve()),
  });
  const screen = await openScreen({ columns: 80, rows: 24, port, view: TASKS_OF_JOB });
  await screen.press('*', 'ctrl-d', 'tab', 'enter');
  await screen.settle();
  const said = screen.text().replaceAll(/[│\s]+/g, ' ');
  expect(said).toContain(`✗ mytask3: ${message}`);
  expect(said).toContain(`try: ${next}`);
});

test('what to do about failures is told once where it is the same for all', async () => {
  const refused = new AzbError('not now', { next: 'wait a little' });
  const port = scriptedPort({ act: () => Promise.reject(refused) });
  const screen = await openScreen({ columns: 80, rows: 24, port, view: TASKS_OF_JOB });
  await screen.press('*', 'ctrl-d', 'tab', 'enter');
  await screen.settle();
  expect(screen.text().match(/try: wait a little/g)).toHaveLength(1);
  expect(screen.text()).toContain('✗ mytask3: not now');
});

test('each failure of bulk work can be read', async () => {
  const many = Array.from({ length: 30 }, (_, number) => ({ id: `task-${number + 1}`, state: 'active' }));
  const busy = new ServiceError({ status: 409, code: 'TaskBusy', message: 'The task is busy.' });
  const port = scriptedPort({
    listPage: async (resource) => page(resource === 'tasks' ? many : []),
    act: () => Promise.reject(busy),
  });
  const screen = await openScreen({ port, view: TASKS_OF_JOB });
  await screen.press('*', 'ctrl-d', 'tab', 'enter');
  await screen.settle();
  expect(screen.text()).toContain('… and 22 more: pgdn pgup');
  for (let pages = 0; pages < 5; pages += 1) await screen.press('pgdn');
  expect(screen.text()).toContain('23 to 30 of 30');
  expect(screen.text()).toContain('r tries the 30 that failed again');
});

test('of long ids as much is shown as leaves room for why they failed', async () => {
  const ids = ['a', 'b'].map((letter) => `${'long-name-'.repeat(6)}-${letter}`);
  const port = scriptedPort({
    listPage: async (resource) =>
      page(resource === 'tasks' ? ids.map((id) => ({ id, state: 'active' })) : []),
    act: () => Promise.reject(new ServiceError({ status: 409, code: 'TaskBusy', message: 'It is busy.' })),
  });
  const screen = await openScreen({ port, view: TASKS_OF_JOB });
  await screen.press('*', 'ctrl-d', 'tab', 'enter');
  await screen.settle();
  expect(screen.text()).toMatch(/✗ long-name-.*…\S*-a: It is busy\. \(TaskBusy\)/);
});

test('too small', async () => {
  await expectFrame(await openScreen({ columns: 36, rows: 8 }), 'too-small');
});

test('the smallest that has a header, with a form', async () => {
  const screen = await openScreen({ columns: 60, rows: 16 });
  await expectFrame(screen, 'small');
  await screen.press('n');
  await expectFrame(screen, 'small-form');
});

describe('the smallest that will do, as half of a terminal is', () => {
  const open = (options: ScreenOptions = {}) => openScreen({ columns: 40, rows: 10, ...options });

  test('shows rows, the prompt, a text, and says so where there is nothing', async () => {
    const screen = await open();
    await expectFrame(screen, 'smallest');
    await screen.press(':');
    await expectFrame(screen, 'smallest-prompt');
    await screen.press('esc', 'esc');
    await expectFrame(screen, 'smallest-message');
    await screen.press('ctrl-e');
    expect(screen.text()).toContain('too low for a header');
    await screen.press('d');
    await expectFrame(screen, 'smallest-describe');
    await screen.press('?');
    await screen.press('/', 'Header', 'enter');
    expect(screen.text()).toMatch(/<ctrl-e> +Header on\/off +│/);
    const empty = await open({
      port: scriptedPort({ listPage: async () => page([]) }),
      view: mapView({ pool: 'p' }),
    });
    await expectFrame(empty, 'smallest-empty');
  });

  test('asks with the buttons in sight, whatever else has to give way', async () => {
    const many = Array.from({ length: 200 }, (_, number) => ({ id: `task-${number + 1}`, state: 'active' }));
    const listPage = async (resource: string) => page(resource === 'tasks' ? many : []);
    const screen = await open({ port: scriptedPort({ listPage }), view: TASKS_OF_JOB });
    await screen.press('*', '/', 'task-7', 'enter', 'ctrl-d');
    await expectFrame(screen, 'smallest-confirm');
    const nodes = await open({ view: listView('nodes', { pool: 'mypool' }) });
    await nodes.press('*', 'b');
    await expectFrame(nodes, 'smallest-choice');
  });

  test('shows of a form the fields around the focus', async () => {
    const screen = await open({ port: scriptedPort({ add: () => Promise.reject(EXISTS) }) });
    await screen.press('n');
    await expectFrame(screen, 'smallest-form');
    await screen.press('tab', 'tab', 'tab', 'tab', 'tab');
    expect(screen.text()).toContain('› Task slots');
    expect(screen.text()).toContain('[ Cancel ]');
    await screen.press('ctrl-s');
    await expectFrame(screen, 'smallest-form-refused');
    await screen.resize(80, 24);
    expect(screen.text()).toContain('Id            mypool2');
  });
});
