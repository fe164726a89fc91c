import { checkFormula } from '../autoscale/index.ts';
import { parseDuration } from '../duration.ts';
import { BatchFault, invalidProperty } from '../errors.ts';
import { actedOn, changedReply, valueReply } from '../http/reply.ts';
import { bodyOf, findPool, findPoolToChange, type Handler } from './service.ts';

const SHORTEST_INTERVAL_MS = 5 * 60 * 1000;
const LONGEST_INTERVAL_MS = 7 * 24 * 3600 * 1000;
const DEFAULT_INTERVAL = 'PT15M';

interface EnableBody {
  readonly autoScaleFormula?: string;
  readonly autoScaleEvaluationInterval?: string;
}

export const enableAutoScale: Handler = (engine, request) => {
  const record = findPoolToChange(engine.world, request);
  const { pool } = record;
  const body = bodyOf<EnableBody>(request);
  const formula = body.autoScaleFormula ?? pool.autoScaleFormula;
  if (formula === undefined) {
    throw new BatchFault('InvalidAutoScalingSettings', {
      Reason: 'A formula is required when autoscaling is enabled for the first time',
    });
  }
  checkAutoscale(formula, body.autoScaleEvaluationInterval);
  if (!pool.enableAutoScale && pool.allocationState !== 'steady') throw new BatchFault('PoolBeingResized');
  if (engine.autoscale.changedLately(pool.id)) throw new BatchFault('TooManyEnableAutoScaleRequests');
  const interval = body.autoScaleEvaluationInterval ?? pool.autoScaleEvaluationInterval ?? DEFAULT_INTERVAL;
  return changedReply(request, engine.autoscale.enable(record, formula, interval).pool);
};

export const disableAutoScale: Handler = (engine, request) => {
  const record = findPoolToChange(engine.world, request);
  return changedReply(request, engine.autoscale.disable(record).pool);
};

export const evaluateAutoScale: Handler = (engine, request) => {
  const { pool } = findPool(engine.world, request);
  if (pool.state === 'deleting') throw new BatchFault('PoolBeingDeleted');
  if (!pool.enableAutoScale) {
    throw new BatchFault('OperationNotValidOnPool', { Reason: 'The pool does not have autoscaling enabled' });
  }
  const { run } = engine.autoscale.evaluate(
    pool,
    bodyOf<{ autoScaleFormula: string }>(request).autoScaleFormula,
  );
  return { ...valueReply(request, 'AutoScaleRun', run), headers: actedOn(request) };
};

/** Refuses a formula that cannot be read and an interval outside of 5 minutes to a week. */
export function checkAutoscale(formula: string, interval: string | undefined): void {
  const fault = checkFormula(formula);
  if (fault !== undefined) throw new BatchFault(fault.code, { Message: fault.message });
  if (interval === undefined) return;
  const length = parseDuration(interval) ?? 0;
  if (length >= SHORTEST_INTERVAL_MS && length <= LONGEST_INTERVAL_MS) return;
  throw invalidProperty(
    'autoScaleEvaluationInterval',
    interval,
    'The value must be between 5 minutes and 168 hours',
  );
}
