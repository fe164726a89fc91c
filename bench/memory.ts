/**
 * Peak memory with 10,000 and 100,000 tasks held, beside plain Ink with as many rows.
 * Option: `--sizes 10000,100000`.
 */
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { configure, emulatorWithTasks, JOB, startAzb, untilTasksHeld } from './support/azb.ts';
import { checkBaseline } from './support/baseline.ts';
import { temporaryFolder } from './support/emulator.ts';
import { findPeers } from './support/peers.ts';
import { below, number, printTable } from './support/table.ts';
import { Program } from './support/terminal.ts';

const { values } = parseArgs({ options: { sizes: { type: 'string' } } });
const SIZES = (values.sizes ?? '10000,100000').split(',').map(Number);
const BARS: Readonly<Record<number, number>> = { 10000: 100, 100000: 160 };
const KEYS = 100;

/** Moves around, as people do, so that everything that is made by moving is made. */
async function use(program: Program, down: string, pageDown: string): Promise<{ now: number; peak: number }> {
  for (let turn = 0; turn < KEYS; turn += 1) await program.key(turn % 5 === 0 ? pageDown : down);
  const memory = program.memory();
  await program.end();
  return memory;
}

const folder = temporaryFolder();
try {
  const { peers } = await findPeers(folder.path);
  const ink = peers.find(({ name }) => name === 'plain Ink');
  const rows: string[][] = [];
  const bars: string[][] = [];
  const figures: Record<string, number> = {};
  for (const size of SIZES) {
    const emulator = await emulatorWithTasks(size);
    const home = join(folder.path, String(size));
    configure(home, `rowLimit: ${size}\n`);
    const azb = startAzb({ emulator, home, command: `tasks ${JOB}` });
    await untilTasksHeld(azb, emulator, 0, size / 1000);
    const held = await use(azb, 'j', '\x06');
    await emulator.end('SIGTERM');
    const label = size.toLocaleString('en-US');
    rows.push(['azb', label, number(held.peak), number(held.now)]);
    if (ink !== undefined) {
      const args = [...(ink.program.args ?? []), String(size)];
      const program = new Program({ ...ink.program, args });
      await program.until(ink.ready);
      const plain = await use(program, 'j', '\x1b[6~');
      rows.push(['plain Ink, rows of two short texts', label, number(plain.peak), number(plain.now)]);
      figures[`${label} rows, share of plain Ink`] = held.peak / plain.peak;
    }
    const bar = BARS[size];
    if (bar !== undefined)
      bars.push([`${label} held, MB`, number(held.peak), `≤ ${bar}`, below(held.peak, bar)]);
  }
  printTable(`Memory after ${KEYS} keys, MB`, ['', 'rows', 'peak', 'now'], rows);
  printTable('azb and its bars', ['what', 'azb', 'bar', ''], bars);
  checkBaseline('memory', figures);
} finally {
  folder.remove();
}
