/**
 * What a key costs: bytes, latency and CPU of azb and its peers, moving through a long list.
 * Options: `--tasks N` (default 100000) and `--runs N` (default 3).
 */
import { parseArgs } from 'node:util';
import { emulatorWithTasks, JOB, startAzb, untilTasksHeld } from './support/azb.ts';
import { checkBaseline } from './support/baseline.ts';
import { temporaryFolder } from './support/emulator.ts';
import { findPeers, type Peer } from './support/peers.ts';
import { median, quantile } from './support/stats.ts';
import { below, number, printTable } from './support/table.ts';
import { type KeyCost, Program, type ProgramOptions } from './support/terminal.ts';

const { values } = parseArgs({ options: { tasks: { type: 'string' }, runs: { type: 'string' } } });
const TASKS = Number(values.tasks ?? 100_000);
const RUNS = Number(values.runs ?? 3);
/** Rows of the default limit, a page each 1,000. */
const PAGES_HELD = Math.min(TASKS, 20_000) / 1000;
const ROWS = 50;
const SLOW_LINK = 32_000;

interface Measured {
  readonly name: string;
  readonly move: KeyCost[];
  readonly scroll: KeyCost[];
  readonly page: KeyCost[];
  /** Moves when hundreds of keys have gone before, and the compiler is done with them. */
  readonly warm: KeyCost[];
  readonly held: { lag: number; cpuShare: number }[];
  readonly slow: { lag: number }[];
}

type Start = (extra: Partial<ProgramOptions>) => Promise<Program>;

async function measure(name: string, keys: Peer['keys'], start: Start): Promise<Measured> {
  const measured: Measured = { name, move: [], scroll: [], page: [], warm: [], held: [], slow: [] };
  for (let run = 0; run < RUNS; run += 1) {
    const program = await start({});
    await repeat(8, () => program.key(keys.down));
    measured.move.push(...(await repeat(20, () => program.key(keys.down))));
    await repeat(ROWS, () => program.key(keys.down));
    measured.scroll.push(...(await repeat(30, () => program.key(keys.down))));
    measured.page.push(...(await repeat(8, () => program.key(keys.pageDown))));
    measured.held.push(await program.hold(keys.down, 60, 2));
    await program.hold(keys.down, 120, 5);
    measured.warm.push(...(await repeat(20, () => program.key(keys.down))));
    await program.end();
    const slow = await start({ bytesPerSecond: SLOW_LINK });
    await repeat(3, () => slow.key(keys.down));
    measured.slow.push(await slow.hold(keys.down, 60, 2));
    await slow.end();
  }
  return measured;
}

async function repeat(times: number, press: () => Promise<KeyCost>): Promise<KeyCost[]> {
  const costs: KeyCost[] = [];
  for (let turn = 0; turn < times; turn += 1) costs.push(await press());
  return costs;
}

function bytesOf(costs: readonly KeyCost[]): number {
  return median(costs.map(({ bytes }) => bytes));
}

function tableRow({ name, move, scroll, page, warm, held, slow }: Measured): string[] {
  const all = [...move, ...scroll];
  return [
    name,
    number(bytesOf(move)),
    number(bytesOf(scroll)),
    number(bytesOf(page)),
    number(median(move.map(({ cpu }) => cpu))),
    number(median(scroll.map(({ cpu }) => cpu))),
    number(median(warm.map(({ cpu }) => cpu))),
    number(median(all.map(({ ms }) => ms))),
    number(
      quantile(
        all.map(({ ms }) => ms),
        0.99,
      ),
    ),
    number(median(held.map(({ lag }) => lag))),
    number(median(slow.map(({ lag }) => lag))),
    `${number(100 * median(held.map(({ cpuShare }) => cpuShare)))} %`,
  ];
}

function printBars(azb: Measured, micro: Measured | undefined): void {
  const cpu = median(azb.move.map(({ cpu: each }) => each));
  const all = [...azb.move, ...azb.scroll].map(({ ms }) => ms);
  const bars: [string, number, number][] = [
    ['bytes for a cursor move', bytesOf(azb.move), 450],
    ['bytes for scrolling one row', bytesOf(azb.scroll), 500],
    ['CPU for a cursor move, ms', cpu, 1],
    ['  after 800 keys', median(azb.warm.map((key) => key.cpu)), 1],
    ['latency, median, ms', median(all), 1.2],
    ['latency, p99, ms', quantile(all, 0.99), 6],
    ['lag of a held key, ms', median(azb.held.map(({ lag }) => lag)), 50],
    ['lag of a held key at 32 kB/s, ms', median(azb.slow.map(({ lag }) => lag)), 50],
  ];
  if (micro !== undefined)
    bars.push(['CPU for a move, under that of micro', cpu, median(micro.move.map((key) => key.cpu))]);
  printTable(
    'azb and its bars',
    ['what', 'azb', 'bar', ''],
    bars.map(([what, value, bar]) => [what, number(value), `≤ ${number(bar)}`, below(value, bar)]),
  );
}

const folder = temporaryFolder();
const emulator = await emulatorWithTasks(TASKS);
try {
  const { peers, missing } = await findPeers(folder.path);
  const azb = await measure('azb', { down: 'j', pageDown: '\x06' }, async (extra) => {
    const from = emulator.requests.length;
    const program = startAzb({ emulator, home: folder.path, refresh: 60, command: `tasks ${JOB}`, ...extra });
    await untilTasksHeld(program, emulator, from, PAGES_HELD);
    return program;
  });
  const others: Measured[] = [];
  for (const { name, program, ready, keys } of peers) {
    others.push(
      await measure(name, keys, async (extra) => {
        const started = new Program({ ...program, ...extra });
        await started.until(ready);
        await started.quiet(400);
        return started;
      }),
    );
  }
  printTable(
    `One key, 200x50, a list of ${TASKS.toLocaleString('en-US')} (medians of ${RUNS} runs)`,
    [
      '',
      'move B',
      'scroll B',
      'page B',
      'move CPU ms',
      'scroll CPU ms',
      'warm CPU ms',
      'ms',
      'p99 ms',
      'held lag',
      '32 kB/s lag',
      'held CPU',
    ],
    [azb, ...others].map(tableRow),
  );
  if (missing.length > 0) console.log(`\nNot installed here, hence not measured: ${missing.join(', ')}.`);
  printBars(
    azb,
    others.find(({ name }) => name === 'micro'),
  );
  const ink = others.find(({ name }) => name === 'plain Ink');
  checkBaseline('keys', {
    'bytes for a move': bytesOf(azb.move),
    'bytes for a scroll': bytesOf(azb.scroll),
    ...(ink === undefined
      ? {}
      : {
          'CPU for a move, share of plain Ink':
            median(azb.move.map((key) => key.cpu)) / median(ink.move.map((key) => key.cpu)),
          'bytes for a scroll, share of plain Ink': bytesOf(azb.scroll) / bytesOf(ink.scroll),
        }),
  });
} finally {
  await emulator.end('SIGTERM');
  folder.remove();
}
