/**
 * From the start to the first paint and to the first real rows, beside Node itself and `az batch pool list`.
 * Option: `--runs N` (default 12).
 */
import { parseArgs } from 'node:util';
import { cleanEnv, emulatorWithTasks, startAzb } from './support/azb.ts';
import { checkBaseline } from './support/baseline.ts';
import { temporaryFolder } from './support/emulator.ts';
import { findPeers, isInstalled, secondsOf } from './support/peers.ts';
import { median, quantile } from './support/stats.ts';
import { below, number, printTable } from './support/table.ts';
import { Program } from './support/terminal.ts';

const { values } = parseArgs({ options: { runs: { type: 'string' } } });
const RUNS = Number(values.runs ?? 12);
/** Characters after which a first paint counts as one. */
const PAINTED = 200;

interface Start {
  readonly paint: number;
  readonly rows: number;
  readonly memory: number;
}

const folder = temporaryFolder();
const emulator = await emulatorWithTasks(100);

/** What everything that runs on Node pays before its first byte. */
async function floor(): Promise<number> {
  const node = new Program({ command: process.execPath, args: ['-e', "process.stdout.write('x')"] });
  const ms = await node.until(/x/);
  await node.end();
  return ms;
}

async function startOf(program: Program, rows: RegExp): Promise<Start> {
  const paint = await program.until(() => program.text.replace(/\s/g, '').length > PAINTED);
  const shown = await program.until(rows);
  await program.quiet(300);
  const memory = program.memory().now;
  await program.end();
  return { paint, rows: shown, memory };
}

try {
  const { peers } = await findPeers(folder.path);
  const ink = peers.find(({ name }) => name === 'plain Ink');
  const floors: number[] = [];
  const azb: Start[] = [];
  const plain: Start[] = [];
  const versions: number[] = [];
  // In turns, so that what else the machine does falls on all of them alike.
  for (let run = 0; run < RUNS; run += 1) {
    floors.push(await floor());
    azb.push(await startOf(startAzb({ emulator, home: folder.path }), /bench-pool/));
    if (ink !== undefined) plain.push(await startOf(new Program(ink.program), ink.ready));
    const version = new Program({ command: process.execPath, args: ['bin/azb.js', '--version'] });
    versions.push(await version.until(/azb \d/));
    await version.end();
  }
  const env = { ...cleanEnv(folder.path), ...emulator.env };
  const az = [1, 2, 3].map(() => secondsOf('az', ['batch', 'pool', 'list'], env) ?? Number.NaN);
  const least = median(floors);
  const row = (name: string, starts: readonly Start[]) => [
    name,
    number(median(starts.map(({ paint }) => paint))),
    number(
      quantile(
        starts.map(({ paint }) => paint),
        0.9,
      ),
    ),
    number(median(starts.map(({ paint }) => paint)) - least),
    number(median(starts.map(({ rows }) => rows))),
    number(median(starts.map(({ memory }) => memory))),
  ];
  printTable(
    `From the start, ms (${RUNS} runs in turns)`,
    ['', 'first paint', 'p90', 'over Node', 'first rows', 'RSS MB'],
    [
      ['node, one byte', number(least), number(quantile(floors, 0.9)), '0', '', ''],
      [
        'azb --version',
        number(median(versions)),
        number(quantile(versions, 0.9)),
        number(median(versions) - least),
        '',
        '',
      ],
      row('azb', azb),
      ...(plain.length > 0 ? [row('plain Ink', plain)] : []),
      ['az batch pool list', '', '', '', number(median(az) * 1000), ''],
    ],
  );
  if (!isInstalled('az')) console.log('\nNot installed here, hence not measured: az.');
  const paint = median(azb.map((start) => start.paint)) - least;
  const rows = median(azb.map((start) => start.rows)) / (median(az) * 1000);
  printTable(
    'azb and its bars',
    ['what', 'azb', 'bar', ''],
    [
      ['first paint over Node, ms', number(paint), '≤ 75', below(paint, 75)],
      ['first rows, share of az batch pool list', number(rows), '≤ 0.20', below(rows, 0.2)],
    ],
  );
  checkBaseline('startup', {
    'first paint, times Node': median(azb.map((start) => start.paint)) / least,
    ...(Number.isNaN(rows) ? {} : { 'first rows, share of az': rows }),
  });
} finally {
  await emulator.end('SIGTERM');
  folder.remove();
}
