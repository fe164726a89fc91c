/** Autoscale formulas: checked, and evaluated for real. See README.md for the language. */
import { Evaluation, type FormulaContext } from './evaluator.ts';
import { MAX_FORMULA_BYTES, parseFormula } from './parser.ts';
import { FormulaError } from './syntax.ts';
import { type DeallocationOption, formatValue } from './values.ts';
import { DEALLOCATION_VARIABLE, fullName, isTarget, type TargetVariable } from './variables.ts';

export type { FormulaContext } from './evaluator.ts';
export { SAMPLE_PERIOD_MS, type Sample } from './samples.ts';
export type { DeallocationOption } from './values.ts';

/** Why an evaluation failed, as `autoScaleRun.error` holds it. */
export interface EvaluationError {
  readonly code: 'AutoScalingFormulaEvaluationError';
  readonly message: string;
  readonly values: readonly { readonly name: string; readonly value: string }[];
}

/** The outcome of a formula; after an error the targets are the present ones. */
export interface FormulaResult {
  /** `name=value;…`: the three variables of the service, then the user's own by name. */
  readonly results: string;
  readonly targetDedicatedNodes: number;
  readonly targetLowPriorityNodes: number;
  readonly nodeDeallocationOption: DeallocationOption;
  readonly error?: EvaluationError;
}

/** A formula that cannot be accepted, with the error code for it. */
export interface FormulaFault {
  readonly code: 'AutoScalingFormulaSyntaxError' | 'AutoScalingFormulaTooLong';
  readonly message: string;
}

const MAX_TARGET = 2 ** 31 - 1;

/** Checks that a formula can be read, without evaluating it. */
export function checkFormula(text: string): FormulaFault | undefined {
  if (Buffer.byteLength(text) > MAX_FORMULA_BYTES) {
    const message = `The formula is longer than ${MAX_FORMULA_BYTES} bytes`;
    return { code: 'AutoScalingFormulaTooLong', message };
  }
  try {
    parseFormula(text);
    return undefined;
  } catch (error) {
    if (error instanceof FormulaError)
      return { code: 'AutoScalingFormulaSyntaxError', message: error.message };
    throw error;
  }
}

/**
 * Evaluates a formula at `context.now`. Its work is bounded, and it never throws: a formula that cannot be read or
 * evaluated gives a result with an error.
 */
export function evaluateFormula(text: string, context: FormulaContext): FormulaResult {
  const evaluation = new Evaluation(context);
  try {
    evaluation.run(parseFormula(text));
    return summarise(evaluation, context);
  } catch (error) {
    if (!(error instanceof FormulaError)) throw error;
    return { ...summarise(new Evaluation(context), context), error: evaluationError(error.message) };
  }
}

function evaluationError(message: string): EvaluationError {
  return {
    code: 'AutoScalingFormulaEvaluationError',
    message: 'An error occurred while evaluating the autoscaling formula.',
    values: [{ name: 'Message', value: message }],
  };
}

function summarise(evaluation: Evaluation, context: FormulaContext): FormulaResult {
  const targetDedicatedNodes = targetOf('$TargetDedicatedNodes', evaluation, context);
  const targetLowPriorityNodes = targetOf('$TargetLowPriorityNodes', evaluation, context);
  const nodeDeallocationOption = optionOf(evaluation);
  const own = [...evaluation.assigned]
    .filter(([name]) => !isTarget(fullName(name)) && name !== DEALLOCATION_VARIABLE)
    .sort(([left], [right]) => (left < right ? -1 : 1))
    .map(([name, value]) => `${name}=${formatValue(value)}`);
  const results = [
    `$TargetDedicatedNodes=${targetDedicatedNodes}`,
    `$TargetLowPriorityNodes=${targetLowPriorityNodes}`,
    `${DEALLOCATION_VARIABLE}=${nodeDeallocationOption}`,
    ...own,
  ].join(';');
  return { results, targetDedicatedNodes, targetLowPriorityNodes, nodeDeallocationOption };
}

/** A variable's full name outranks its alias when a formula sets both. */
function targetOf(variable: TargetVariable, { assigned }: Evaluation, { current }: FormulaContext): number {
  const alias = [...assigned.keys()].find((name) => fullName(name) === variable);
  const value = assigned.get(variable) ?? (alias === undefined ? undefined : assigned.get(alias));
  if (value?.type !== 'double') return current[variable] ?? 0;
  return Math.min(Math.max(Math.trunc(value.value), 0), MAX_TARGET);
}

function optionOf({ assigned }: Evaluation): DeallocationOption {
  const value = assigned.get(DEALLOCATION_VARIABLE);
  return value?.type === 'nodedeallocationoption' ? value.value : 'requeue';
}
