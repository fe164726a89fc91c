import type { BinaryOperator, UnaryOperator } from './syntax.ts';
import { double, doubleVec, timeinterval, timestamp, truth, type Value } from './values.ts';

type Arithmetic = '+' | '-' | '*' | '/';
/** Values that are a single thing. */
type Scalar = Exclude<Value, { type: 'doubleVec' }>;
type Comparison = '==' | '!=' | '<' | '<=' | '>' | '>=';

/**
 * Applies an operator to two values; nothing when it is not defined for their types, or for vectors of different
 * lengths. https://learn.microsoft.com/azure/batch/batch-automatic-scaling#operations
 */
export function applyBinary(operator: BinaryOperator, left: Value, right: Value): Value | undefined {
  if (operator === '&&' || operator === '||') return logical(operator, left, right);
  if (operator === '+' || operator === '-' || operator === '*' || operator === '/') {
    return arithmetic(operator, left, right);
  }
  return comparison(operator, left, right);
}

/** Applies an operator to one value; nothing when it is not defined for its type. */
export function applyUnary(operator: UnaryOperator, operand: Value): Value | undefined {
  if (operator === '!') return operand.type === 'double' ? truth(operand.value === 0) : undefined;
  if (operand.type === 'double') return double(-operand.value);
  return operand.type === 'timeinterval' ? timeinterval(-operand.value) : undefined;
}

function logical(operator: '&&' | '||', left: Value, right: Value): Value | undefined {
  if (left.type !== 'double' || right.type !== 'double') return undefined;
  const [a, b] = [left.value !== 0, right.value !== 0];
  return truth(operator === '&&' ? a && b : a || b);
}

function comparison(operator: Comparison, left: Value, right: Value): Value | undefined {
  if (left.type !== right.type || left.type === 'doubleVec' || right.type === 'doubleVec') return undefined;
  if (left.type === 'nodedeallocationoption' && operator !== '==' && operator !== '!=') return undefined;
  return truth(compare(operator, left.value, right.value));
}

function compare(operator: Comparison, left: number | string, right: number | string): boolean {
  switch (operator) {
    case '==':
      return left === right;
    case '!=':
      return left !== right;
    case '<':
      return left < right;
    case '<=':
      return left <= right;
    case '>':
      return left > right;
    case '>=':
      return left >= right;
  }
}

function arithmetic(operator: Arithmetic, left: Value, right: Value): Value | undefined {
  if (left.type === 'double' && right.type === 'double')
    return double(calculate(operator, left.value, right.value));
  if (left.type === 'doubleVec' || right.type === 'doubleVec') return vectorArithmetic(operator, left, right);
  return timeArithmetic(operator, left, right);
}

function vectorArithmetic(operator: Arithmetic, left: Value, right: Value): Value | undefined {
  if (left.type === 'doubleVec' && right.type === 'doubleVec') {
    if (left.values.length !== right.values.length) return undefined;
    return doubleVec(
      left.values.map((each, index) => calculate(operator, each, right.values[index] ?? Number.NaN)),
    );
  }
  if (left.type === 'doubleVec' && right.type === 'double') {
    return doubleVec(left.values.map((each) => calculate(operator, each, right.value)));
  }
  if (left.type === 'double' && right.type === 'doubleVec') {
    return doubleVec(right.values.map((each) => calculate(operator, left.value, each)));
  }
  return undefined;
}

function timeArithmetic(operator: Arithmetic, left: Scalar, right: Scalar): Value | undefined {
  switch (`${left.type} ${operator} ${right.type}`) {
    case 'double * timeinterval':
    case 'timeinterval * double':
      return timeinterval(Number(left.value) * Number(right.value));
    case 'timeinterval / double':
      return timeinterval(Number(left.value) / Number(right.value));
    case 'timeinterval + timeinterval':
    case 'timeinterval - timeinterval':
    case 'timestamp - timestamp':
      return timeinterval(calculate(operator, Number(left.value), Number(right.value)));
    case 'timeinterval + timestamp':
    case 'timestamp + timeinterval':
    case 'timestamp - timeinterval':
      return timestamp(calculate(operator, Number(left.value), Number(right.value)));
    default:
      return undefined;
  }
}

function calculate(operator: Arithmetic, left: number, right: number): number {
  switch (operator) {
    case '+':
      return left + right;
    case '-':
      return left - right;
    case '*':
      return left * right;
    case '/':
      return left / right;
  }
}
