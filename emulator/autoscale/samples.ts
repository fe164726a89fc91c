import { ArgumentFault } from './functions.ts';
import { double, doubleVec, timeinterval, timestamp, type Value } from './values.ts';

/** One measurement of a metric. */
export interface Sample {
  readonly time: Date;
  readonly value: number;
}

/** Milliseconds between two samples of the service. */
export const SAMPLE_PERIOD_MS = 30_000;

/** What sample methods work on: a metric's history in any order, and the time of the evaluation. */
export interface SampleContext {
  readonly history: readonly Sample[];
  readonly now: Date;
}

type SampleMethod = (args: readonly Value[], context: SampleContext) => Value;

/**
 * The methods of a metric's history. Vectors of samples start with the most recent one.
 * https://learn.microsoft.com/azure/batch/batch-automatic-scaling#obtain-sample-data
 */
export const SAMPLE_METHODS: ReadonlyMap<string, SampleMethod> = new Map<string, SampleMethod>([
  ['GetSample', getSample],
  ['GetSamplePercent', getSamplePercent],
  ['GetSamplePeriod', (args) => withoutArguments(args, timeinterval(SAMPLE_PERIOD_MS))],
  ['Count', (args, { history }) => withoutArguments(args, double(history.length))],
  ['HistoryBeginTime', historyBeginTime],
]);

function withoutArguments(args: readonly Value[], value: Value): Value {
  if (args.length > 0) throw new ArgumentFault('expected no arguments');
  return value;
}

function historyBeginTime(args: readonly Value[], { history }: SampleContext): Value {
  const oldest = newestFirst(history).at(-1);
  if (oldest === undefined) throw new ArgumentFault('there are no samples');
  return withoutArguments(args, timestamp(oldest.time.getTime()));
}

function newestFirst(history: readonly Sample[]): readonly Sample[] {
  return history.toSorted((left, right) => right.time.getTime() - left.time.getTime());
}

/** A span of time in milliseconds since 1970, its start excluded and its end included. */
interface Span {
  readonly from: number;
  readonly to: number;
}

function getSample(args: readonly Value[], context: SampleContext): Value {
  const [first] = args;
  if (first?.type === 'double') return lastSamples(args, first.value, context);
  const last = args.at(-1);
  const wanted = last?.type === 'double' ? last.value : 0;
  const span = spanOf(last?.type === 'double' ? args.slice(0, -1) : args, context.now);
  const available = availablePercent(span, context.history);
  if (available < wanted) {
    throw new ArgumentFault(
      `${available} per cent of the samples are available, ${wanted} per cent are required`,
    );
  }
  return doubleVec(newestFirst(within(span, context.history)).map((sample) => sample.value));
}

function lastSamples(args: readonly Value[], count: number, { history }: SampleContext): Value {
  if (args.length !== 1 || !(count >= 1)) throw new ArgumentFault('expected a number of samples');
  return doubleVec(
    newestFirst(history)
      .slice(0, Math.trunc(count))
      .map((sample) => sample.value),
  );
}

function getSamplePercent(args: readonly Value[], { history, now }: SampleContext): Value {
  return double(availablePercent(spanOf(args, now), history));
}

/** One argument reaches from there until now; an interval looks back from now. Two may come in either order. */
function spanOf(args: readonly Value[], now: Date): Span {
  const [first, second] = args;
  if (first === undefined || args.length > 2) throw new ArgumentFault('expected one or two times');
  const ends = [instantOf(first, now), second === undefined ? now.getTime() : instantOf(second, now)];
  return { from: Math.min(...ends), to: Math.max(...ends) };
}

function instantOf(value: Value, now: Date): number {
  if (value.type === 'timestamp') return value.value;
  if (value.type === 'timeinterval') return now.getTime() - value.value;
  throw new ArgumentFault(`expected timestamp or timeinterval but got ${value.type}`);
}

function within({ from, to }: Span, history: readonly Sample[]): readonly Sample[] {
  return history.filter(({ time }) => time.getTime() > from && time.getTime() <= to);
}

function availablePercent(span: Span, history: readonly Sample[]): number {
  const possible = Math.floor((span.to - span.from) / SAMPLE_PERIOD_MS);
  if (possible < 1) return 100;
  return Math.min((within(span, history).length / possible) * 100, 100);
}
