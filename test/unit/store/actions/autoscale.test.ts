import { describe, expect, it } from 'vitest';
import { FIRST_FORMULA, scaleFaults, scaleOutcomes } from '../../../../src/resources/autoscale.ts';
import { readScaling, scalingLines, scalingText } from '../../../../src/store/actions/autoscale.ts';

const POOL = {
  id: 'p1',
  enableAutoScale: true,
  autoScaleFormula: '$TargetDedicatedNodes = 5;\n',
  autoScaleEvaluationInterval: 'PT15M',
  targetDedicatedNodes: 3,
  targetLowPriorityNodes: 0,
};
const SCALING = { pool: POOL, formula: POOL.autoScaleFormula, interval: 'PT15M', run: undefined, tried: [] };

describe('scaleOutcomes', () => {
  it('puts the targets first, beside what the pool has', () => {
    const results = 'x=1;$TargetDedicatedNodes=5;$TargetLowPriorityNodes=0;$NodeDeallocationOption=requeue';
    expect(scaleOutcomes(results, POOL)).toEqual([
      { name: '$TargetDedicatedNodes', before: '3', after: '5' },
      { name: '$TargetLowPriorityNodes', before: '0', after: '0' },
      { name: 'x', before: undefined, after: '1' },
      { name: '$NodeDeallocationOption', before: undefined, after: 'requeue' },
    ]);
  });

  it('keeps an equals sign in a value, and makes nothing of an empty text', () => {
    expect(scaleOutcomes('t=a=b;', POOL)).toEqual([{ name: 't', before: undefined, after: 'a=b' }]);
    expect(scaleOutcomes('', POOL)).toEqual([]);
  });
});

describe('scaleFaults', () => {
  it('begins with the reason, which has a line of its own', () => {
    const values = [
      { name: 'Message', value: 'Line 1, Col 1: Undefined symbol: x' },
      { name: 'Line', value: '2' },
    ];
    expect(scaleFaults({ error: { code: 'C', message: 'M', values } })).toEqual([
      'Line 1, Col 1: Undefined symbol: x',
      'Line: 2',
      'M (C)',
    ]);
    expect(scaleFaults({ results: '' })).toEqual([]);
  });
});

describe('the text for the editor', () => {
  it('comes back as it was, whatever the formula holds', () => {
    const odd = '// a: "comment" # and\nx = {1, 2};\n  $TargetDedicatedNodes = min(5, x);\n';
    for (const formula of [odd, FIRST_FORMULA, '$TargetDedicatedNodes=1;\n']) {
      expect(readScaling(scalingText({ formula, interval: 'PT5M' }))).toEqual({ formula, interval: 'PT5M' });
    }
  });

  it('is refused without a formula, or with an interval that is no duration', () => {
    expect(() => readScaling('autoScaleEvaluationInterval: PT5M')).toThrow('autoScaleFormula is missing');
    expect(() => readScaling('autoScaleFormula: x=1;\nautoScaleEvaluationInterval: 5 minutes')).toThrow(
      'autoScaleEvaluationInterval must be a duration',
    );
  });
});

describe('scalingLines', () => {
  const texts = (...args: Parameters<typeof scalingLines>) => scalingLines(...args).map(({ text }) => text);

  it('shows a dry run as a difference of the targets', () => {
    const run = { results: '$TargetDedicatedNodes=5;$TargetLowPriorityNodes=0' };
    const lines = texts({ ...SCALING, run });
    expect(lines).toContain('~ $TargetDedicatedNodes: 3 → 5');
    expect(lines).toContain('  $TargetLowPriorityNodes: stays 0');
    expect(lines).toContain('Dry run: nothing was changed');
  });

  it('says whose formula it is', () => {
    expect(texts(SCALING)[0]).toContain("the pool's");
    expect(texts({ ...SCALING, formula: 'x' })[0]).toContain('edited, not applied');
    const { autoScaleFormula: _, ...fresh } = POOL;
    expect(texts({ ...SCALING, pool: fresh, formula: FIRST_FORMULA })[0]).toContain('suggested');
    expect(texts({ ...SCALING, pool: fresh })[0]).toContain('edited, not applied');
  });

  it('shows five of what was tried, the one that is looked at among them', () => {
    const tried = Array.from({ length: 9 }, (_, index) => ({
      formula: `x=${index};`,
      interval: 'PT5M',
      at: Date.UTC(2026, 10, 30, 12, 59 - index),
      outcome: `outcome ${index}`,
    }));
    const shown = (at?: number) =>
      texts({ ...SCALING, tried, shown: at }).filter((text) => text.includes('outcome'));
    expect(shown()[0]).toBe('  2026-11-30 12:59  outcome 0');
    expect(shown()).toHaveLength(5);
    expect(shown(3)[1]).toBe('› 2026-11-30 12:56  outcome 3');
    expect(shown(8)[4]).toBe('› 2026-11-30 12:51  outcome 8');
    expect(texts({ ...SCALING, formula: 'x=3;', tried, shown: 3 })[0]).toContain(
      'of 2026-11-30 12:56: outcome 3',
    );
  });

  it('says that a pool of fixed size cannot be evaluated', () => {
    const lines = texts({ ...SCALING, pool: { ...POOL, enableAutoScale: false } });
    expect(lines).toContain('The service evaluates formulas only while autoscale is on.');
  });
});
