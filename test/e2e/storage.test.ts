import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { runAzb } from '../support/azb-process.ts';
import { NEVER, poolBody, startTestEmulator, type TestEmulator } from '../support/emulator.ts';
import { cursorRow, startReadyUi, startUi } from '../support/ui.ts';
import { until } from '../support/until.ts';

let emulator: TestEmulator;
beforeAll(async () => {
  emulator = await startTestEmulator('--speed', '20');
  await emulator.port.add('pools', {}, poolBody('p1', 1), NEVER);
  await emulator.port.add('jobs', {}, { id: 'j1', poolInfo: { poolId: 'p1' } }, NEVER);
});
afterAll(() => emulator.end('SIGTERM'));

/** A directory with some data, and where azb saves files. */
function dataAndHome(): { readonly data: string; readonly home: string } {
  const home = mkdtempSync(join(tmpdir(), 'azb-storage-'));
  onTestFinished(() => rmSync(home, { recursive: true, force: true }));
  const data = join(home, 'data');
  mkdirSync(join(data, 'deep'), { recursive: true });
  writeFileSync(join(data, 'numbers.txt'), '1\n2\n3\n');
  writeFileSync(join(data, 'deep', 'more.txt'), '4\n');
  return { data, home };
}

test('an upload of several blocks that is refused ends at once, whatever the server still waits for', {
  timeout: 60_000,
}, async () => {
  const { data } = dataAndHome();
  const big = join(data, 'big.bin');
  writeFileSync(big, Buffer.alloc(3_000_000));
  const { code, err } = await runAzb(['upload', 'not-there', big], { env: emulator.env });
  expect([code, err]).toEqual([1, expect.stringContaining('there is no container not-there')]);
});

test('input goes up, a task works on it, and the results are found and looked at', async () => {
  const { data, home } = dataAndHome();
  const ui = await startReadyUi({
    env: { ...emulator.env, XDG_DATA_HOME: join(home, 'saved') },
    cols: 110,
    rows: 30,
  });

  ui.type(':containers');
  ui.press('enter');
  await ui.waitFor('no containers');
  ui.press('n');
  await ui.waitFor('New container');
  ui.type('input');
  ui.press('ctrl-s');
  await ui.waitFor('container input was created');
  await ui.waitFor(/containers\[1\]/);

  ui.press('enter');
  await ui.waitFor('u uploads some');
  ui.press('u');
  await ui.waitFor('Upload to input');
  ui.type(data);
  ui.press('ctrl-s');
  await ui.waitFor('Uploading 2 files to input: done');
  await ui.waitFor(/blobs\(input\)\[2\]/);
  await ui.waitFor(/numbers\.txt +6 B +Hot +text\/plain/);
  await ui.waitFor(() => cursorRow(ui).startsWith('deep/'));
  ui.press('enter');
  await ui.waitFor(/blobs\(input\/deep\/\)\[1\]/);
  await ui.waitFor(/ more\.txt +2 B/);

  ui.type(':tasks j1');
  ui.press('enter');
  await ui.waitFor('no tasks');
  ui.press('n');
  await ui.waitFor('New task');
  ui.press('ctrl-u');
  ui.type('sum');
  ui.press('tab', 'ctrl-u');
  ui.type(`/bin/sh -c 'cat numbers.txt deep/more.txt | paste -sd+ - | tee sum.csv'`);
  ui.press('tab', 'tab', 'tab', 'enter');
  await ui.waitFor('Pick: Input files');
  ui.press('enter');
  await ui.waitFor(/Input files +input/);
  ui.press('tab', 'tab');
  ui.type('*.csv ../std*.txt');
  ui.press('tab');
  ui.type('results');
  ui.press('ctrl-s');
  await ui.waitFor('task sum was created');
  await ui.waitFor(/sum +completed\S* +success/);

  ui.press('o');
  await ui.waitFor(/blobs\(results\/sum\/\)\[3\]/);
  await ui.waitFor(() => cursorRow(ui).startsWith('stderr.txt'));
  ui.press('j', 'j');
  await ui.waitFor(() => cursorRow(ui).startsWith('sum.csv'));
  ui.press('ctrl-s');
  await ui.waitFor(/saved \S+/);
  const folder = join(home, 'saved', 'azb', 'dumps');
  expect(readdirSync(folder).map((name) => readFileSync(join(folder, name), 'utf8'))).toEqual(['1+2+3+4\n']);
  ui.press('enter');
  await ui.waitFor(/tail\(results\/sum\/sum\.csv\)[\s\S]*1\+2\+3\+4/);

  ui.press('esc', 'space', 'ctrl-d');
  await ui.waitFor('Delete blob sum/sum.csv?');
  ui.press('tab', 'enter');
  await ui.waitFor(/blobs\(results\/sum\/\)\[2\]/);
});

test('nothing can be changed in read-only mode, and everything can be looked at', async () => {
  await emulator.port.add('containers', {}, { name: 'fixed' }, NEVER);
  const ui = await startReadyUi({
    env: emulator.env,
    args: ['--readonly', '-c', 'containers'],
  });
  await ui.waitFor('fixed');
  ui.press('n');
  await ui.waitFor(/read-only/);
  ui.press('u');
  ui.press('enter');
  await ui.waitFor(/blobs\(\w+\)/);
  ui.press('u');
  await ui.waitFor(/read-only/);
  expect(ui.screen()).not.toContain('Upload to');
});

test('the same is done by commands', async () => {
  const { data, home } = dataAndHome();
  const azb = async (...args: readonly string[]) => {
    const { code, out, err } = await runAzb(args, { env: { ...emulator.env, HOME: home } });
    expect([code, err]).toEqual([0, '']);
    return out;
  };
  const file = join(home, 'work.yaml');
  const documents = [
    'kind: container\nname: shell-in',
    'kind: job\nid: j2\npoolInfo: { poolId: p1 }',
    `kind: task
job: j2
id: t
commandLine: /bin/sh -c 'cat part/numbers.txt > copy.txt'
resourceFiles: [{ autoStorageContainerName: shell-in, blobPrefix: part/ }]
outputFiles:
  - filePattern: copy.txt
    destination: { container: { containerUrl: shell-out, path: done/copy.txt } }
    uploadOptions: { uploadCondition: taskcompletion }`,
  ];
  writeFileSync(file, documents.slice(0, 2).join('\n---\n'));
  expect(await azb('create', '-f', file)).toBe('container/shell-in created\njob/j2 created\n');
  await azb('upload', 'shell-in', data, '--prefix', 'part');
  expect(await azb('get', 'blobs', '-c', 'shell-in', '--recursive', '-o', 'name')).toBe(
    'part/deep/more.txt\npart/numbers.txt\n',
  );
  writeFileSync(file, documents[2] ?? '');
  await azb('create', '-f', file);
  await until(
    () => emulator.port.get('tasks', { job: 'j2' }, 't', NEVER) as Promise<{ state?: string }>,
    ({ state }) => state === 'completed',
  );
  expect(await azb('download', 'shell-out/done/copy.txt', '-')).toBe('1\n2\n3\n');
  expect(await azb('delete', 'container', 'shell-in', 'shell-out', '--yes')).toContain(
    'container/shell-out deleted',
  );
});

test('without a storage account the screen says how to get one', async () => {
  const ui = startUi({
    env: { ...emulator.env, AZURE_STORAGE_CONNECTION_STRING: undefined },
    args: ['-c', 'containers'],
    cols: 110,
  });
  await ui.waitFor('no storage account is configured');
  await ui.waitFor('AZURE_STORAGE_CONNECTION_STRING');
});
