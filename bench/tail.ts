/**
 * A file of 10 GB that grows by 20 MB a second: opening at its end, following, memory, lost lines.
 * Options: `--seconds N` of growth (default 10) and `--rate N` in MB/s (default 20).
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { createBatchPort } from '../src/api/batch.ts';
import type { FileRef } from '../src/api/port.ts';
import { createAppStore } from '../src/store/app-store.ts';
import { TailSource } from '../src/store/sources/tail-source.ts';
import { tailView } from '../src/store/views.ts';
import { JOB, startAzb } from './support/azb.ts';
import { rawClient, type SdkClient, sdkClient } from './support/client.ts';
import { startEmulator, temporaryFolder } from './support/emulator.ts';
import { cpuMs } from './support/process.ts';
import { startProxy } from './support/proxy.ts';
import { below, number, printTable } from './support/table.ts';

const { values } = parseArgs({ options: { seconds: { type: 'string' }, rate: { type: 'string' } } });
const SECONDS = Number(values.seconds ?? 10);
const RATE_MB = Number(values.rate ?? 20);
const TASK = 'writer';
const FILE: FileRef = { kind: 'task', job: JOB, task: TASK, path: 'wd/big.log' };
/** Written by the task: a hole of 10 GB, some lines, and the growth once the file `go` is there. */
const WRITER = `
const fs = require('node:fs');
const [, , go, seconds, rate] = process.argv;
fs.writeFileSync('big.log', '');
fs.truncateSync('big.log', 10e9);
let number = 0;
const grow = (count) => {
  let text = '';
  for (let each = 0; each < count; each += 1) text += 'line ' + String(number++).padStart(12, '0') + ' '.padEnd(81, '.') + '\\n';
  fs.appendFileSync('big.log', text);
};
fs.appendFileSync('big.log', '\\n');
grow(2000);
const wait = setInterval(() => {
  if (!fs.existsSync(go)) return;
  clearInterval(wait);
  const start = Date.now();
  const grower = setInterval(() => {
    const passed = Math.min(seconds * 1000, Date.now() - start);
    const due = 2000 + Math.floor((passed / 1000) * rate * 10000);
    if (due > number) grow(due - number);
    if (passed < seconds * 1000) return;
    clearInterval(grower);
    fs.appendFileSync('big.log', 'the last line\\n');
    setTimeout(() => undefined, 60000);
  }, 50);
}, 50);
`;

/** A pool of one node with a task that writes. */
async function startWriter(client: SdkClient, script: string, go: string): Promise<void> {
  await client.pool.add({
    id: 'pool',
    vmSize: 'standard_d2_v2',
    virtualMachineConfiguration: {
      imageReference: { publisher: 'canonical', offer: 'ubuntuserver', sku: '18.04-lts' },
      nodeAgentSKUId: 'batch.node.ubuntu 18.04',
    },
    targetDedicatedNodes: 1,
  });
  await client.job.add({ id: JOB, poolInfo: { poolId: 'pool' } });
  const commandLine = `${process.execPath} ${script} ${go} ${SECONDS} ${RATE_MB}`;
  await client.task.add(JOB, { id: TASK, commandLine });
}

function numberOf(line: string | undefined): number {
  return Number(/^line (\d{12}) /.exec(line ?? '')?.[1]);
}

/** Follows the file as the tail view does, and compares the lines it counted with their numbers. */
function followLines(port: ReturnType<typeof createBatchPort>) {
  const session = {
    account: port.account,
    credentialError: undefined,
    readOnly: false,
    readOnlyReason: undefined,
    version: 'bench',
    refreshSeconds: 2,
    rowLimit: 20_000,
    tailMegabytes: 16,
  };
  const store = createAppStore(session, tailView(FILE));
  const source = new TailSource({ store, port, now: Date.now }, tailView(FILE));
  const abort = new AbortController();
  let first = -1;
  let last = -1;
  let seen = 0;
  let held = 0;
  let isLast = false;
  const look = () => {
    const text = Object.values(store.getState().tails)[0]?.text;
    if (text === undefined || text.count === 0) return;
    held = Math.max(held, text.bytes);
    isLast = text.line(text.count - 1) === 'the last line';
    if (first < 0) first = numberOf(text.line(0));
    last = numberOf(text.line(text.count - (isLast ? 2 : 1)));
    seen = text.dropped + text.count - (isLast ? 1 : 0);
  };
  const run = async () => {
    while (!isLast) {
      await source.tick(abort.signal);
      look();
      await new Promise((resolve) => setTimeout(resolve, source.interval() ?? 1000));
    }
    return { lost: last - first + 1 - seen, held, lines: seen };
  };
  return run();
}

const folder = temporaryFolder();
const emulator = await startEmulator(['--speed', '100']);
const proxy = await startProxy(emulator);
try {
  const script = join(folder.path, 'writer.cjs');
  const go = join(folder.path, 'go');
  writeFileSync(script, WRITER);
  await startWriter(sdkClient(emulator), script, go);
  const ask = rawClient(emulator);
  const target = `/jobs/${JOB}/tasks/${TASK}/files/wd/big.log`;
  while ((await ask(target, 'HEAD')).status !== 200) await new Promise((resolve) => setTimeout(resolve, 100));
  await new Promise((resolve) => setTimeout(resolve, 500));
  const azb = startAzb({ emulator, home: folder.path, command: `files ${JOB}/${TASK}`, env: proxy.env });
  await azb.until(/big\.log/);
  await azb.key('/big\r');
  await azb.quiet(1000);
  azb.forget();
  const before = { requests: proxy.requests, bytes: proxy.bytes };
  const pressed = performance.now();
  azb.write('\r');
  await azb.until(/line 000000001999/);
  const opened = performance.now() - pressed;
  const toOpen = { requests: proxy.requests - before.requests, bytes: proxy.bytes - before.bytes };
  const port = createBatchPort({
    name: emulator.account,
    endpoint: emulator.endpoint,
    credential: { kind: 'shared key', key: emulator.key },
    source: 'bench',
  });
  const following = followLines(port);
  const busyBefore = cpuMs(azb.pid);
  writeFileSync(go, '');
  const grown = performance.now() + SECONDS * 1000;
  await azb.until(/the last line/, (SECONDS + 60) * 1000);
  const lag = Math.max(0, performance.now() - grown);
  const busy = (cpuMs(azb.pid) - busyBefore) / SECONDS;
  const { lost, held, lines } = await following;
  const { peak } = azb.memory();
  await azb.end();
  printTable(
    `A file of 10 GB, growing by ${RATE_MB} MB/s for ${SECONDS} s`,
    ['what', 'measured', 'bar', ''],
    [
      ['enter to its last lines, ms', number(opened), '', ''],
      [
        '  requests (the task, the size, the range)',
        String(toOpen.requests),
        '≤ 3',
        below(toOpen.requests, 3),
      ],
      ['  kB', number(toOpen.bytes / 1000), '≤ 72', below(toOpen.bytes / 1000, 72)],
      ['from the last line written to the last line seen, ms', number(lag), '', ''],
      [`lines lost of ${lines.toLocaleString('en-US')}`, String(lost), '0', below(lost, 0)],
      ['held at most, million bytes', number(held / 1e6), '≤ 17', below(held / 1e6, 17)],
      ['CPU of azb, ms a second', number(busy), '', ''],
      ['peak memory, MB', number(peak), '', ''],
    ],
  );
} finally {
  proxy.close();
  await emulator.end('SIGTERM');
  folder.remove();
}
