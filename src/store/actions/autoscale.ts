import { stringify } from 'yaml';
import { asAzbError, describeError, UsageError } from '../../lib/errors.ts';
import {
  type AutoScaleRun,
  DEFAULT_INTERVAL,
  FIRST_FORMULA,
  type ScaleTargets,
  scaleFaults,
  scaleOutcomes,
  type TriedFormula,
} from '../../resources/autoscale.ts';
import { checkDuration } from '../../resources/duration-field.ts';
import type { PanelButton, PanelLine } from '../dialogs.ts';
import { flash } from '../flash.ts';
import { readBody } from '../forms/form-body.ts';
import { openPanel } from '../panel.ts';
import { portOf, type Services } from '../services.ts';
import { withNotes, withoutNotes } from './edit-text.ts';
import { isStillHere, loadSubject, subjectHere } from './subject.ts';
import { isSameFormula, outcomeOf, refusalOf, rememberFormula, triedOn } from './tried-formulas.ts';

interface ScalingPool extends ScaleTargets {
  readonly id: string;
  readonly enableAutoScale?: boolean;
  readonly autoScaleFormula?: string;
  readonly autoScaleEvaluationInterval?: string;
  readonly autoScaleRun?: AutoScaleRun;
}

/** The button that goes through what was tried. */
const EARLIER = 'Earlier';

/** How a pool is to scale, as far as it was edited. */
interface Scaling {
  readonly pool: ScalingPool;
  readonly formula: string;
  readonly interval: string;
  /** Of the dry run; undefined before it and after every change of the formula. */
  readonly run: AutoScaleRun | undefined;
  /** What was tried before, the latest first. */
  readonly tried: readonly TriedFormula[];
  /** Which of those is shown. */
  readonly shown?: number | undefined;
}

/** Opens the autoscaling of the pool under the cursor: its formula, a dry run of it, on and off. */
export function startAutoscale(services: Services): void {
  const subject = subjectHere(services);
  if (subject === undefined) {
    flash(services.store, 'warn', 'there is no pool under the cursor');
    return;
  }
  const open = async (): Promise<void> => {
    const pool = (await loadSubject(services, subject)) as ScalingPool;
    if (!isStillHere(services, subject)) return;
    const { autoScaleFormula = FIRST_FORMULA, autoScaleEvaluationInterval = DEFAULT_INTERVAL } = pool;
    show(services, {
      pool,
      formula: autoScaleFormula,
      interval: autoScaleEvaluationInterval,
      run: undefined,
      tried: triedOn(services.store.getState(), pool.id),
    });
  };
  services.background(open());
}

function show(services: Services, scaling: Scaling, focused = 'Cancel'): void {
  const { pool } = scaling;
  const buttons = buttonsOf(services, scaling);
  openPanel(services, {
    title: `Autoscale of pool ${pool.id}: ${pool.enableAutoScale === true ? 'on' : 'off'}`,
    lines: scalingLines(scaling),
    buttons,
    focus: Math.max(
      0,
      buttons.findIndex(({ label }) => label === focused),
    ),
  });
}

/** What the panel says: the formula, and what the last evaluation made of it. */
export function scalingLines(scaling: Scaling): PanelLine[] {
  const { pool, formula, interval, run } = scaling;
  const isOn = pool.enableAutoScale === true;
  return [
    { text: `Formula (${originOf(scaling)}), evaluated every ${interval}:`, role: 'heading' },
    ...formula
      .trimEnd()
      .split('\n')
      .map((text) => ({ text: `  ${text}` })),
    ...(run === undefined
      ? lastRunLines(scaling)
      : [head('Dry run: nothing was changed'), ...runLines(run, pool)]),
    ...(isOn
      ? []
      : [{ text: 'The service evaluates formulas only while autoscale is on.', role: 'dim' as const }]),
    ...triedLines(scaling),
    { text: `az batch pool autoscale enable --pool-id ${pool.id} --auto-scale-formula …`, role: 'dim' },
  ];
}

function originOf(scaling: Scaling): string {
  const { pool, formula, tried, shown } = scaling;
  const earlier = shown === undefined ? undefined : tried[shown];
  if (isPoolsOwn(scaling)) return "the pool's";
  if (earlier !== undefined) return `of ${minuteText(earlier.at)}: ${earlier.outcome}`;
  return pool.autoScaleFormula === undefined && formula === FIRST_FORMULA
    ? 'suggested'
    : 'edited, not applied';
}

function isPoolsOwn({ pool, formula, interval }: Scaling): boolean {
  return formula === pool.autoScaleFormula && interval === pool.autoScaleEvaluationInterval;
}

/** Lines of what was tried that are shown at most. */
const MOST_LINES = 5;

function triedLines({ tried, shown }: Scaling): PanelLine[] {
  if (tried.length === 0) return [];
  const first = Math.max(0, Math.min((shown ?? 0) - 1, tried.length - MOST_LINES));
  return [
    head(`Tried here before (UTC): ${EARLIER} shows them`),
    ...tried.slice(first, first + MOST_LINES).map(({ at, outcome }, index): PanelLine => {
      const isShown = first + index === shown;
      return {
        text: `${isShown ? '›' : ' '} ${minuteText(at)}  ${outcome}`,
        ...(isShown ? {} : { role: 'dim' }),
      };
    }),
  ];
}

function minuteText(at: number): string {
  return new Date(at).toISOString().slice(0, 16).replace('T', ' ');
}

function head(text: string): PanelLine {
  return { text, role: 'heading' };
}

/** Says nothing of a formula that is not the pool's. */
function lastRunLines(scaling: Scaling): PanelLine[] {
  const { pool } = scaling;
  const run = pool.autoScaleRun;
  if (run === undefined || pool.enableAutoScale !== true || !isPoolsOwn(scaling)) return [];
  return [head(`Last evaluated by the service at ${run.timestamp}`), ...runLines(run, pool)];
}

function runLines(run: AutoScaleRun, pool: ScalingPool): PanelLine[] {
  const faults = scaleFaults(run).map((text): PanelLine => ({ text, role: 'error' }));
  const outcomes = scaleOutcomes(run.results ?? '', pool).map(({ name, before, after }): PanelLine => {
    if (before === undefined) return { text: `  ${name} = ${after}`, role: 'dim' };
    if (before === after) return { text: `  ${name}: stays ${after}` };
    return { text: `~ ${name}: ${before} → ${after}`, role: 'warn' };
  });
  return [...faults, ...outcomes];
}

function buttonsOf(services: Services, scaling: Scaling): PanelButton[] {
  const { pool } = scaling;
  const isOn = pool.enableAutoScale === true;
  const edit: PanelButton = { label: 'Edit formula', work: async () => edited(services, scaling) };
  const apply: PanelButton = {
    label: isOn ? 'Apply' : 'Turn on',
    danger: true,
    work: () => act(services, scaling, 'enableAutoScale'),
  };
  const earlier: PanelButton[] =
    scaling.tried.length === 0
      ? []
      : [{ label: EARLIER, work: async () => show(services, earlierOf(scaling), EARLIER) }];
  if (!isOn) return [{ label: 'Cancel' }, edit, ...earlier, apply];
  return [
    { label: 'Cancel' },
    edit,
    ...earlier,
    { label: 'Evaluate', work: () => evaluate(services, scaling) },
    apply,
    { label: 'Turn off', danger: true, work: () => act(services, scaling, 'disableAutoScale') },
  ];
}

async function evaluate(services: Services, scaling: Scaling): Promise<void> {
  const answer = portOf(services).ask(
    { ...operationOn(scaling), action: 'evaluateAutoScale', args: { autoScaleFormula: scaling.formula } },
    new AbortController().signal,
  );
  const run: AutoScaleRun = await orRefused(services, scaling, answer);
  const tried = remembered(services, scaling, outcomeOf(run, scaling.pool));
  show(services, { ...scaling, run, tried, shown: undefined });
}

/** The one before what is shown; after the first of all it is the pool's own again. */
function earlierOf(scaling: Scaling): Scaling {
  const { pool, tried } = scaling;
  const next = tried.findIndex((old, index) => index > (scaling.shown ?? -1) && !isSameFormula(old, scaling));
  const earlier = tried[next];
  if (earlier !== undefined)
    return { ...scaling, formula: earlier.formula, interval: earlier.interval, run: undefined, shown: next };
  const {
    autoScaleFormula: formula = FIRST_FORMULA,
    autoScaleEvaluationInterval: interval = DEFAULT_INTERVAL,
  } = pool;
  return { ...scaling, formula, interval, run: undefined, shown: undefined };
}

/** What was tried, with this among it. */
function remembered(services: Services, scaling: Scaling, outcome: string): readonly TriedFormula[] {
  const { store, timing } = services;
  const { formula, interval, pool } = scaling;
  rememberFormula(store, pool.id, { formula, interval, at: timing.now(), outcome });
  return triedOn(store.getState(), pool.id);
}

async function act(
  services: Services,
  scaling: Scaling,
  action: 'enableAutoScale' | 'disableAutoScale',
): Promise<void> {
  const { pool, formula, interval } = scaling;
  const args =
    action === 'enableAutoScale' ? { autoScaleFormula: formula, autoScaleEvaluationInterval: interval } : {};
  const done = portOf(services).act({ ...operationOn(scaling), action, args }, new AbortController().signal);
  if (action === 'disableAutoScale') await done;
  else {
    await orRefused(services, scaling, done);
    remembered(services, scaling, 'applied');
  }
  const what = action === 'enableAutoScale' ? 'scales by its formula' : 'keeps its size';
  flash(services.store, 'info', `pool ${pool.id} ${what} from now on`);
  services.poller.refresh();
}

/** What a formula is asked for; that the service refuses it is what came of it. */
async function orRefused<T>(services: Services, scaling: Scaling, answer: Promise<T>): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    const refusal = refusalOf(error);
    if (refusal !== undefined) remembered(services, scaling, refusal);
    throw error;
  }
}

function operationOn({ pool }: Scaling) {
  return { resource: 'pools', scope: {}, id: pool.id } as const;
}

/** Lets the formula be edited until it can be read; what was written before stays when nothing is changed. */
function edited(services: Services, scaling: Scaling): void {
  const fileName = `pool-${scaling.pool.id}-autoscale.yaml`;
  let shown = scalingText(scaling);
  let refused: string | undefined;
  for (;;) {
    const text = services.host.editText(shown, fileName);
    if (text === undefined || withoutNotes(text) === refused) break;
    try {
      const tried = triedOn(services.store.getState(), scaling.pool.id);
      const own = { ...scaling, ...readScaling(text), run: undefined, tried, shown: undefined };
      const isKnown = own.tried.some((old) => isSameFormula(old, own)) || isSameFormula(scaling, own);
      show(services, isKnown ? own : { ...own, tried: remembered(services, own, 'written, not tried') });
      return;
    } catch (error) {
      refused = withoutNotes(text);
      shown = withNotes(text, [describeError(asAzbError(error)).message]);
    }
  }
  show(services, scaling);
}

/** The formula and its interval as YAML for the editor. */
export function scalingText({ formula, interval }: Pick<Scaling, 'formula' | 'interval'>): string {
  const body = { autoScaleEvaluationInterval: interval, autoScaleFormula: `${formula.trimEnd()}\n` };
  return [
    '# How often the service evaluates the formula: PT5M to P7D.',
    '# It may read $PendingTasks, $ActiveTasks, $RunningTasks, $CPUPercent, $CurrentDedicatedNodes … and sets',
    '# $TargetDedicatedNodes, $TargetLowPriorityNodes and $NodeDeallocationOption',
    '# (requeue, terminate, taskcompletion, retaineddata).',
    stringify(body, { lineWidth: 0 }),
  ].join('\n');
}

/** Reads what {@link scalingText} wrote. @throws UsageError that says what is missing. */
export function readScaling(text: string): { formula: string; interval: string } {
  const body = readBody(text) as Readonly<Record<string, unknown>>;
  const { autoScaleFormula: formula, autoScaleEvaluationInterval: interval = DEFAULT_INTERVAL } = body;
  if (typeof formula !== 'string' || formula.trim() === '')
    throw new UsageError('autoScaleFormula is missing');
  const problem = checkDuration(String(interval));
  if (problem !== undefined) throw new UsageError(`autoScaleEvaluationInterval must be ${problem}`);
  return { formula, interval: String(interval) };
}
