import { amount, type Prices } from '../lib/prices.ts';
import { shortId } from '../lib/short-id.ts';
import { ageText, counted, countText, durationText } from '../lib/units.ts';
import { jobCost } from './cost.ts';
import { type Pace, rateText } from './pace.ts';
import { FEW, type JobProgress, type Lane, type Spread } from './progress.ts';

/** A line, and what it says at a glance: a heading, something bad, or nothing in particular. */
export interface ProgressLine {
  readonly kind: 'heading' | 'plain' | 'dim' | 'good' | 'bad';
  readonly text: string;
}

const LEAD = 10;
const WIDEST_BAR = 60;

/** How far a job is, in lines of at most `width` cells where it can be helped. */
export function progressText(progress: JobProgress, width: number, prices?: Prices): ProgressLine[] {
  return [
    ...headLines(progress, width),
    ...section('Pace', paceLines(progress)),
    ...section(`Times${sampleNote(progress)}`, [...timeLines(progress), ...costLines(progress, prices)]),
    ...section(`Running longer than ${slowerThan(progress)}`, slowLines(progress)),
    ...section('Nodes over time, and how busy', laneLines(progress, width)),
  ];
}

function section(title: string, lines: readonly ProgressLine[]): ProgressLine[] {
  return lines.length === 0 ? [] : [{ kind: 'plain', text: '' }, { kind: 'heading', text: title }, ...lines];
}

function headLines({ job, state, counts, elapsed }: JobProgress, width: number): ProgressLine[] {
  const { active, running, completed, failed } = counts;
  const all = active + running + completed;
  const since = elapsed === undefined ? '' : ` for ${ageText(elapsed)}`;
  const lasted = state === 'completed' && elapsed !== undefined ? `, after ${ageText(elapsed)}` : since;
  const lines: ProgressLine[] = [{ kind: 'heading', text: `job ${job}: ${state}${lasted}` }];
  if (all === 0) return [...lines, { kind: 'plain', text: '  it has no tasks' }];
  const share = completed / all;
  const bar = barText(share, Math.max(10, Math.min(WIDEST_BAR, width - 8)));
  const rest = [
    `${countText(completed)} of ${counted(all, 'task')} completed`,
    ...(failed > 0 ? [`${countText(failed)} of them failed`] : []),
    ...(running > 0 ? [`${countText(running)} running`] : []),
    ...(active > 0 ? [`${countText(active)} waiting`] : []),
  ];
  return [
    ...lines,
    { kind: failed > 0 ? 'bad' : 'good', text: `  ${bar} ${Math.floor(share * 100)}%` },
    { kind: 'plain', text: `  ${rest.join(', ')}` },
  ];
}

function barText(share: number, width: number): string {
  const filled = Math.floor(share * width);
  return '█'.repeat(filled) + '░'.repeat(width - filled);
}

function paceLines({ counts, recent, whole, left }: JobProgress): ProgressLine[] {
  const remaining = counts.active + counts.running;
  return [
    ...(recent === undefined ? [] : [row('lately', paceText(recent))]),
    ...(whole === undefined ? [] : [row('in all', paceText(whole))]),
    ...(left === undefined ? [] : [row('to go', leftText(remaining, left))]),
  ];
}

function leftText(remaining: number, { milliseconds, at }: NonNullable<JobProgress['left']>): string {
  return `${counted(remaining, 'task')}, in about ${ageText(milliseconds)} as of lately, at ${clock(at, at - milliseconds)} UTC`;
}

function paceText(pace: Pace): string {
  return `${rateText(pace, 'tasks')}, over ${ageText(pace.over)}`;
}

function sampleNote({ isSample, known, counts }: JobProgress): string {
  return isSample
    ? `, of a sample: ${countText(known)} of ${countText(counts.completed)} completed tasks`
    : '';
}

function timeLines(progress: JobProgress): ProgressLine[] {
  const { ran, waited, taskTime, nodeTime, coreTime, vmSize, isSample } = progress;
  if (ran === undefined) return [];
  const about = isSample ? 'about ' : '';
  return [
    { kind: 'dim', text: `  ${'p50'.padStart(LEAD + 8)}${'p95'.padStart(10)}${'longest'.padStart(10)}` },
    { kind: 'plain', text: `  ${spreadText('ran', ran)}  ${ran.task}` },
    ...(waited === undefined ? [] : [{ kind: 'plain' as const, text: `  ${spreadText('waited', waited)}` }]),
    row('used', `${about}${hours(taskTime)} task-hours, on ${hours(nodeTime)} node-hours`),
    ...(coreTime === undefined
      ? []
      : [row('cores', `${about}${hours(coreTime)} core-hours, by what the size ${vmSize} is called`)]),
  ];
}

/** What is reckoned stands beside the amount: it is no bill. */
function costLines(progress: JobProgress, prices: Prices | undefined): ProgressLine[] {
  const cost = progress.ran === undefined ? undefined : jobCost(progress, prices);
  if (cost === undefined) return [];
  const { currency, least, most, nodes } = cost;
  const sum = nodes === 'either' ? `${amount(least)} to ${amount(most)}` : `${amount(most)}`;
  const at = nodes === 'either' ? 'from the Spot price to the dedicated one' : `at the ${nodes} price`;
  return [
    row(
      'cost',
      `${progress.isSample ? 'about ' : ''}${sum} ${currency}: node-hours that its tasks used, ${at}`,
    ),
    { kind: 'dim', text: `  ${''.padEnd(LEAD)}not reckoned: idle nodes, disks, network, storage, discounts` },
  ];
}

function spreadText(name: string, { median, p95, longest }: Spread): string {
  const cells = [median, p95, longest].map((value) => durationText(value));
  return `${name.padEnd(LEAD)}${cells.map((cell, index) => cell.padStart(index === 0 ? 8 : 10)).join('')}`;
}

function hours(milliseconds: number): string {
  const value = milliseconds / 3_600_000;
  return value >= 100 ? countText(Math.round(value)) : value >= 1 ? value.toFixed(1) : value.toFixed(3);
}

function slowerThan({ known }: JobProgress): string {
  return known < FEW ? 'all that have completed' : '95 of 100 that have completed';
}

function slowLines({ slow }: JobProgress): ProgressLine[] {
  return slow.map(({ task, node, took }) => ({
    kind: 'bad',
    text: `  ${durationText(took).padStart(LEAD - 2)}  ${task}${node === undefined ? '' : ` on ${shortId(node)}`}`,
  }));
}

const NODE = 13;
/** What stands before and behind a lane. */
const BESIDE = 2 + NODE + 2 + 24;

function cellsOf(width: number, parts: number): number {
  return Math.max(10, Math.min(parts, width - BESIDE));
}

function laneScale({ from, until, lanes }: JobProgress, width: number): ProgressLine {
  const cell = (until - from) / cellsOf(width, lanes[0]?.busy.length ?? 1);
  return {
    kind: 'dim',
    text: `  ${clock(from, until)} to ${clock(until, from)} UTC, ${durationText(cell)} a cell; ✗ where a task failed`,
  };
}

function laneLines(progress: JobProgress, width: number): ProgressLine[] {
  const lanes = progress.lanes.map((lane): ProgressLine => {
    const { node, ran, failed, isSuspect } = lane;
    const cells = laneCells(lane, cellsOf(width, lane.busy.length));
    const failures = failed === 0 ? '' : `, ${countText(failed)} failed`;
    return {
      kind: isSuspect ? 'bad' : 'plain',
      text: `  ${shortId(node).slice(0, NODE).padEnd(NODE)}  ${cells}  ${countText(ran)} ran${failures}${isSuspect ? ' ◀' : ''}`,
    };
  });
  return lanes.length === 0 ? [] : [laneScale(progress, width), ...lanes];
}

const LEVELS = ' ▁▂▃▄▅▆▇█';

/** Parts of the time put together where there are more of them than cells. */
function laneCells({ busy, failures }: Lane, cells: number): string {
  return Array.from({ length: cells }, (_, cell) => {
    const first = Math.floor((cell * busy.length) / cells);
    const last = Math.max(first + 1, Math.floor(((cell + 1) * busy.length) / cells));
    if (failures.slice(first, last).some((count) => count > 0)) return '✗';
    const parts = busy.slice(first, last);
    const mean = parts.reduce((sum, part) => sum + part, 0) / parts.length;
    return mean === 0 ? '·' : (LEVELS[Math.max(1, Math.round(mean * (LEVELS.length - 1)))] ?? '█');
  }).join('');
}

function row(name: string, text: string): ProgressLine {
  return { kind: 'plain', text: `  ${name.padEnd(LEAD)}${text}` };
}

/** The time of day, with the day where it is not that of `beside`. */
function clock(at: number, beside: number): string {
  const text = new Date(at).toISOString();
  const isSameDay = text.slice(0, 10) === new Date(beside).toISOString().slice(0, 10);
  return isSameDay ? text.slice(11, 19) : `${text.slice(0, 10)} ${text.slice(11, 19)}`;
}
