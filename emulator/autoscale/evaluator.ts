import { ArgumentFault, FUNCTIONS } from './functions.ts';
import { applyBinary, applyUnary } from './operators.ts';
import { SAMPLE_METHODS, type Sample } from './samples.ts';
import { type Expression, FormulaError, type Position, type Statement } from './syntax.ts';
import { DEALLOCATION_OPTIONS, double, TIME_INTERVALS, timeinterval, type Value } from './values.ts';
import { DEALLOCATION_VARIABLE, fullName, isTarget, METRIC_VARIABLES } from './variables.ts';

/** The world a formula is evaluated in. */
export interface FormulaContext {
  readonly now: Date;
  /** The history of a service variable, by its full name such as `$PendingTasks`. */
  samples(variable: string): readonly Sample[];
  /** Present values of service variables by full name, the targets among them. Absent ones are the last sample's. */
  readonly current: Readonly<Record<string, number>>;
  /** Source of `rand()`, at least 0 and less than 1. */
  readonly random?: () => number;
}

/** Numbers that all vectors of one evaluation may hold together: formulas are short, but vectors could multiply. */
const MAX_VECTOR_ELEMENTS = 1_000_000;

/** Thrown by `stop()`, which ends an evaluation without failing it. */
class Stop extends Error {
  override readonly name = 'Stop';
}

/** Runs a formula. What it assigned can be read from `assigned` afterwards. */
export class Evaluation {
  /** Values by variable, in order of first assignment; the service's variables under their names in the formula. */
  readonly assigned = new Map<string, Value>();
  readonly #context: FormulaContext;
  #elements = 0;

  constructor(context: FormulaContext) {
    this.#context = context;
  }

  /** Runs the statements until the end or `stop()`. Throws {@link FormulaError}. */
  run(statements: readonly Statement[]): void {
    try {
      for (const statement of statements) this.#execute(statement);
    } catch (error) {
      if (!(error instanceof Stop)) throw error;
    }
  }

  #execute({ target, value, position }: Statement): void {
    if (target !== undefined && METRIC_VARIABLES.has(fullName(target))) {
      throw new FormulaError(position, `The variable is read-only: ${target}`);
    }
    const result = this.#evaluate(value);
    if (target === undefined) return;
    checkAssignable(target, result, position);
    this.assigned.set(target, result);
  }

  #evaluate(node: Expression): Value {
    switch (node.kind) {
      case 'number':
        return double(node.value);
      case 'string':
        return { type: 'string', value: node.value };
      case 'name':
        return this.#lookUp(node.name, node.position);
      case 'call':
        return this.#call(node);
      case 'method':
        return this.#method(node);
      case 'member':
        return memberOf(this.#evaluate(node.target), node.name, node.position);
      case 'conditional':
        return this.#evaluate(this.#isTrue(node.test) ? node.whenTrue : node.whenFalse);
      case 'unary':
        return this.#unary(node);
      case 'binary':
        return this.#binary(node);
    }
  }

  #lookUp(name: string, position: Position): Value {
    const full = fullName(name);
    const value = this.assigned.get(name) ?? this.assigned.get(full);
    if (value !== undefined) return value;
    if (isTarget(full)) return double(this.#context.current[full] ?? 0);
    if (METRIC_VARIABLES.has(full)) return double(this.#currentValue(full));
    const interval = TIME_INTERVALS.get(name);
    if (interval !== undefined) return timeinterval(interval);
    const option = DEALLOCATION_OPTIONS.find((each) => each === name);
    if (option !== undefined) return { type: 'nodedeallocationoption', value: option };
    if (name === DEALLOCATION_VARIABLE) return { type: 'nodedeallocationoption', value: 'requeue' };
    throw new FormulaError(position, `Undefined symbol: ${name}`);
  }

  #currentValue(variable: string): number {
    const { current } = this.#context;
    if (Object.hasOwn(current, variable)) return current[variable] ?? 0;
    const last = this.#context
      .samples(variable)
      .reduce<Sample | undefined>(
        (latest, sample) => (latest === undefined || sample.time > latest.time ? sample : latest),
        undefined,
      );
    return last?.value ?? 0;
  }

  #call(node: Extract<Expression, { kind: 'call' }>): Value {
    if (node.name === 'stop' && node.args.length === 0) throw new Stop();
    const compute = FUNCTIONS.get(node.name);
    if (compute === undefined) throw new FormulaError(node.position, `Undefined function: ${node.name}`);
    const args = node.args.map((arg) => this.#evaluate(arg));
    const { now, random = Math.random } = this.#context;
    for (const arg of args) this.#account(arg, node.position);
    return this.#account(
      guarded(node, () => compute(args, { now, random })),
      node.position,
    );
  }

  #method(node: Extract<Expression, { kind: 'method' }>): Value {
    const method = SAMPLE_METHODS.get(node.name);
    const variable = node.target.kind === 'name' ? fullName(node.target.name) : '';
    if (method === undefined) throw new FormulaError(node.position, `Undefined method: ${node.name}`);
    if (!METRIC_VARIABLES.has(variable)) {
      throw new FormulaError(node.position, `The method is not defined here: ${node.name}`);
    }
    const args = node.args.map((arg) => this.#evaluate(arg));
    const { now } = this.#context;
    const history = this.#context.samples(variable);
    return this.#account(
      guarded(node, () => method(args, { history, now })),
      node.position,
    );
  }

  #unary(node: Extract<Expression, { kind: 'unary' }>): Value {
    const operand = this.#evaluate(node.operand);
    const result = applyUnary(node.operator, operand);
    if (result === undefined) {
      throw new FormulaError(
        node.position,
        `The operator ${node.operator} is not defined for ${operand.type}`,
      );
    }
    return result;
  }

  #binary(node: Extract<Expression, { kind: 'binary' }>): Value {
    const { operator, position } = node;
    const left = this.#evaluate(node.left);
    const isSettled = left.type === 'double' && operator === (left.value === 0 ? '&&' : '||');
    if (isSettled) return double(left.value === 0 ? 0 : 1);
    const right = this.#evaluate(node.right);
    const result = applyBinary(operator, left, right);
    if (result === undefined) {
      throw new FormulaError(
        position,
        `The operator ${operator} is not defined for ${left.type} and ${right.type}`,
      );
    }
    return this.#account(result, position);
  }

  #isTrue(test: Expression): boolean {
    const value = this.#evaluate(test);
    if (value.type === 'double') return value.value !== 0;
    throw new FormulaError(test.position, `A condition must be double but is ${value.type}`);
  }

  #account(value: Value, position: Position): Value {
    if (value.type === 'doubleVec') this.#elements += value.values.length;
    if (this.#elements > MAX_VECTOR_ELEMENTS) throw new FormulaError(position, 'The vectors are too long');
    return value;
  }
}

function guarded(node: { readonly name: string; readonly position: Position }, compute: () => Value): Value {
  try {
    return compute();
  } catch (error) {
    if (error instanceof ArgumentFault)
      throw new FormulaError(node.position, `${node.name}: ${error.message}`);
    throw error;
  }
}

function checkAssignable(target: string, value: Value, position: Position): void {
  const wanted = isTarget(fullName(target)) ? 'double' : DEALLOCATION_VARIABLE;
  if (wanted === DEALLOCATION_VARIABLE && target !== DEALLOCATION_VARIABLE) return;
  const type = wanted === 'double' ? 'double' : 'nodedeallocationoption';
  if (value.type !== type) {
    throw new FormulaError(position, `${target} must be ${type} but is ${value.type}`);
  }
  if (value.type === 'double' && !Number.isFinite(value.value)) {
    throw new FormulaError(position, `${target} must be finite but is ${value.value}`);
  }
}

function memberOf(value: Value, name: string, position: Position): Value {
  if (value.type !== 'timestamp') {
    throw new FormulaError(position, `The member ${name} is not defined for ${value.type}`);
  }
  const date = new Date(value.value);
  const members: Readonly<Record<string, number>> = {
    year: date.getUTCFullYear(),
    month: date.getUTCMonth() + 1,
    day: date.getUTCDate(),
    weekday: date.getUTCDay(),
    hour: date.getUTCHours(),
    minute: date.getUTCMinutes(),
    second: date.getUTCSeconds(),
  };
  const member = Object.hasOwn(members, name) ? members[name] : undefined;
  if (member === undefined) throw new FormulaError(position, `Undefined member: ${name}`);
  return double(member);
}
