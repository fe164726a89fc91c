import { double, doubleVec, timestamp, type Value } from './values.ts';

/** What functions need of the world. */
export interface FunctionContext {
  readonly now: Date;
  readonly random: () => number;
}

/** Thrown by a function that cannot work on its arguments; the caller knows the place. */
export class ArgumentFault extends Error {
  override readonly name = 'ArgumentFault';
}

type FormulaFunction = (args: readonly Value[], context: FunctionContext) => Value;

/**
 * The predefined functions, except `stop`, which is no computation.
 * https://learn.microsoft.com/azure/batch/batch-automatic-scaling#functions
 */
export const FUNCTIONS: ReadonlyMap<string, FormulaFunction> = new Map<string, FormulaFunction>([
  ['avg', (args) => double(sum(numbers(args, 1)) / numbers(args, 1).length)],
  ['ceil', (args) => double(Math.ceil(single(args)))],
  ['floor', (args) => double(Math.floor(single(args)))],
  ['len', (args) => double(numbers(args, 0).length)],
  ['lg', (args) => componentWise(args, Math.log2)],
  ['ln', (args) => componentWise(args, Math.log)],
  ['log', (args) => componentWise(args, Math.log10)],
  ['max', (args) => double(maximum(numbers(args, 1)))],
  ['min', (args) => double(minimum(numbers(args, 1)))],
  ['norm', (args) => double(Math.sqrt(sum(numbers(args, 0).map((each) => each * each))))],
  ['percentile', percentile],
  ['rand', rand],
  ['range', (args) => double(maximum(numbers(args, 1)) - minimum(numbers(args, 1)))],
  ['round', (args) => double(roundHalfAway(single(args)))],
  ['std', (args) => double(standardDeviation(numbers(args, 1)))],
  ['sum', (args) => double(sum(numbers(args, 0)))],
  ['time', time],
  ['val', elementAt],
  ['vec', (args) => doubleVec(numbers(args, 0))],
]);

/** Joins any mix of doubles and vectors, as functions of a `doubleVecList` take it. */
function numbers(args: readonly Value[], least: number): number[] {
  const joined = args.flatMap((arg) => {
    if (arg.type === 'double') return [arg.value];
    if (arg.type === 'doubleVec') return arg.values;
    throw new ArgumentFault(`expected double or doubleVec but got ${arg.type}`);
  });
  if (joined.length < least) throw new ArgumentFault('there are no values');
  return joined;
}

function single(args: readonly Value[]): number {
  const [arg] = args;
  if (args.length !== 1 || arg?.type !== 'double') throw new ArgumentFault('expected one double');
  return arg.value;
}

function componentWise(args: readonly Value[], compute: (value: number) => number): Value {
  const [arg] = args;
  if (args.length === 1 && arg?.type === 'double') return double(compute(arg.value));
  return doubleVec(numbers(args, 0).map((each) => compute(each)));
}

function sum(values: readonly number[]): number {
  return values.reduce((total, each) => total + each, 0);
}

function maximum(values: readonly number[]): number {
  return values.reduce((best, each) => Math.max(best, each));
}

function minimum(values: readonly number[]): number {
  return values.reduce((best, each) => Math.min(best, each));
}

function roundHalfAway(value: number): number {
  return Math.sign(value) * Math.round(Math.abs(value));
}

function standardDeviation(values: readonly number[]): number {
  if (values.length < 2) return 0;
  const mean = sum(values) / values.length;
  return Math.sqrt(sum(values.map((each) => (each - mean) ** 2)) / (values.length - 1));
}

function vectorAndDouble(args: readonly Value[]): [values: readonly number[], value: number] {
  const [vector, value] = args;
  if (args.length !== 2 || vector?.type !== 'doubleVec' || value?.type !== 'double') {
    throw new ArgumentFault('expected a doubleVec and a double');
  }
  return [vector.values, value.value];
}

/** The smallest element that at least `p` per cent of the elements do not exceed. */
function percentile(args: readonly Value[]): Value {
  const [values, p] = vectorAndDouble(args);
  if (!(p >= 0 && p <= 100)) throw new ArgumentFault('the percentile must lie between 0 and 100');
  const sorted = values.toSorted((left, right) => left - right);
  const element = sorted[Math.max(Math.ceil((p / 100) * sorted.length) - 1, 0)];
  if (element === undefined) throw new ArgumentFault('there are no values');
  return double(element);
}

function elementAt(args: readonly Value[]): Value {
  const [values, index] = vectorAndDouble(args);
  const element = values[Math.trunc(index)];
  if (element === undefined) throw new ArgumentFault(`there is no element ${index} among ${values.length}`);
  return double(element);
}

function rand(args: readonly Value[], context: FunctionContext): Value {
  if (args.length > 0) throw new ArgumentFault('expected no arguments');
  return double(context.random());
}

function time(args: readonly Value[], context: FunctionContext): Value {
  const [arg] = args;
  if (args.length > 1 || (arg !== undefined && arg.type !== 'string'))
    throw new ArgumentFault('expected one string');
  if (arg === undefined || arg.value === '') return timestamp(context.now.getTime());
  const milliseconds = parseTime(arg.value);
  if (milliseconds === undefined) throw new ArgumentFault(`'${arg.value}' is not a date and time`);
  return timestamp(milliseconds);
}

const W3C_DATE_TIME =
  /^\d{4}(?:-\d\d(?:-\d\d(?:T\d\d:\d\d(?::\d\d(?:\.\d{1,7})?)?(?:Z|[+-]\d\d:\d\d)?)?)?)?$/;
const RFC_1123 = /^[A-Z][a-z]{2}, \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d GMT$/;

function parseTime(text: string): number | undefined {
  if (!W3C_DATE_TIME.test(text) && !RFC_1123.test(text)) return undefined;
  // Without a zone the service takes a time to be UTC; a Date would take it to be local.
  const milliseconds = Date.parse(/T[\d:.]+$/.test(text) ? `${text}Z` : text);
  return Number.isNaN(milliseconds) ? undefined : milliseconds;
}
