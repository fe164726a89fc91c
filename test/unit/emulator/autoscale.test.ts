import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  checkFormula,
  evaluateFormula,
  type FormulaContext,
  type Sample,
} from '../../../emulator/autoscale/index.ts';

const NOW = new Date('2022-11-30T12:34:56.500Z'); // a Wednesday

/** Samples every 30 s up to now, the last value the most recent. */
const history = (...values: number[]): Sample[] =>
  values.map((value, index) => ({
    value,
    time: new Date(NOW.getTime() - (values.length - 1 - index) * 30_000),
  }));

const context = (more: Partial<FormulaContext> = {}): FormulaContext => ({
  now: NOW,
  samples: () => [],
  current: {
    $TargetDedicatedNodes: 2,
    $TargetLowPriorityNodes: 0,
    $CurrentDedicatedNodes: 10,
    $PendingTasks: 7,
  },
  random: () => 0.25,
  ...more,
});
const pending = (...values: number[]) =>
  context({ samples: (name) => (name === '$PendingTasks' ? history(...values) : []) });

/** The value that `expression` has in the results. */
const evaluated = (expression: string, world = context()) => {
  const { results, error } = evaluateFormula(`x = ${expression};`, world);
  return error === undefined ? results.split(';x=')[1] : error.values[0]?.value;
};

describe('results', () => {
  it('lists the targets, then the formula’s own variables by name', () => {
    const result = evaluateFormula(
      '$tasks=0; $maxTasksPerNode = 4; $round=3;\n$TargetDedicatedNodes = 3; $NodeDeallocationOption = taskcompletion;',
      context(),
    );
    expect(result).toEqual({
      results:
        '$TargetDedicatedNodes=3;$TargetLowPriorityNodes=0;$NodeDeallocationOption=taskcompletion;' +
        '$maxTasksPerNode=4;$round=3;$tasks=0',
      targetDedicatedNodes: 3,
      targetLowPriorityNodes: 0,
      nodeDeallocationOption: 'taskcompletion',
    });
  });

  it('keeps the present targets that the formula does not set', () => {
    expect(evaluateFormula('', context()).results).toBe(
      '$TargetDedicatedNodes=2;$TargetLowPriorityNodes=0;$NodeDeallocationOption=requeue',
    );
  });

  it('knows the older names, which the full ones outrank', () => {
    expect(evaluateFormula('$TargetDedicated = 5', context()).targetDedicatedNodes).toBe(5);
    expect(
      evaluateFormula('$TargetDedicated=5;$TargetDedicatedNodes=6', context()).targetDedicatedNodes,
    ).toBe(6);
    expect(
      evaluateFormula('$TargetDedicatedNodes=6;$TargetDedicated=5', context()).targetDedicatedNodes,
    ).toBe(6);
    expect(evaluated('$CurrentDedicated * 1.1')).toBe('11');
  });

  it('truncates targets and never goes below zero', () => {
    expect(evaluateFormula('$TargetDedicatedNodes = 2.9', context()).targetDedicatedNodes).toBe(2);
    expect(evaluateFormula('$TargetDedicatedNodes = 0 - 5', context()).targetDedicatedNodes).toBe(0);
  });

  it('prints every type', () => {
    expect(evaluated('time()')).toBe('2022-11-30T12:34:56.500Z');
    expect(evaluated('90.5 * TimeInterval_Minute')).toBe('01:30:30');
    expect(evaluated('"text"')).toBe('text');
    expect(evaluated('vec(1, 2.5)')).toBe('[1,2.5]');
    expect(evaluated('retaineddata')).toBe('retaineddata');
  });
});

describe('errors', () => {
  it('leave the targets alone and tell line and column', () => {
    const result = evaluateFormula('$TargetDedicatedNodes = 9;\r\n  y = nothing + 1', context());
    expect(result).toEqual({
      results: '$TargetDedicatedNodes=2;$TargetLowPriorityNodes=0;$NodeDeallocationOption=requeue',
      targetDedicatedNodes: 2,
      targetLowPriorityNodes: 0,
      nodeDeallocationOption: 'requeue',
      error: {
        code: 'AutoScalingFormulaEvaluationError',
        message: expect.any(String),
        values: [{ name: 'Message', value: 'Line 2, Col 7: Undefined symbol: nothing' }],
      },
    });
  });

  it.each([
    ['x', 'Line 1, Col 1: Undefined symbol: x'],
    ['$something_useless', 'Line 1, Col 1: Undefined symbol: $something_useless'],
    ['a = ', 'Line 1, Col 5: Syntax error: unexpected end of formula'],
    ['a = (1', 'Line 1, Col 7: Syntax error: unexpected end of formula, expected )'],
    ['a = 1 2', 'Line 1, Col 7: Syntax error: unexpected 2, expected ;'],
    ['a = 1 @ 2', 'Line 1, Col 7: Unexpected character: @'],
    ['a = "x', 'Line 1, Col 5: Unexpected character: "'],
    ['a = nope(1)', 'Line 1, Col 5: Undefined function: nope'],
    ['a = $PendingTasks.Nope()', 'Line 1, Col 19: Undefined method: Nope'],
    ['a = 1; b = a.GetSample(1)', 'Line 1, Col 14: The method is not defined here: GetSample'],
    ['a = time().week', 'Line 1, Col 12: Undefined member: week'],
    ['a = 1 + "b"', 'Line 1, Col 7: The operator + is not defined for double and string'],
    ['a = vec(1,2) * vec(1)', 'Line 1, Col 14: The operator * is not defined for doubleVec and doubleVec'],
    ['a = !"b"', 'Line 1, Col 5: The operator ! is not defined for string'],
    ['a = "b" ? 1 : 2', 'Line 1, Col 5: A condition must be double but is string'],
    ['$CPUPercent = 1', 'Line 1, Col 1: The variable is read-only: $CPUPercent'],
    [
      '$TargetDedicatedNodes = vec(1)',
      'Line 1, Col 1: $TargetDedicatedNodes must be double but is doubleVec',
    ],
    ['$TargetDedicatedNodes = 1/0', 'Line 1, Col 1: $TargetDedicatedNodes must be finite but is Infinity'],
    [
      '$NodeDeallocationOption = 1',
      'Line 1, Col 1: $NodeDeallocationOption must be nodedeallocationoption but is double',
    ],
    ['a = avg()', 'Line 1, Col 5: avg: there are no values'],
    ['a = val(vec(1), 1)', 'Line 1, Col 5: val: there is no element 1 among 1'],
    ['a = time("yesterday")', "Line 1, Col 5: time: 'yesterday' is not a date and time"],
  ])('%s gives %s', (formula, message) => {
    expect(evaluateFormula(formula, context()).error?.values).toEqual([{ name: 'Message', value: message }]);
  });
});

describe('expressions', () => {
  it.each([
    ['1 + 2 * 3 - 4 / 2', '5'],
    ['(1 + 2) * 3', '9'],
    ['10 - 3 - 2', '5'],
    ['-2 * -3', '6'],
    ['1 < 2 == 3 > 2', '1'],
    ['1 || 0 && 0', '1'],
    ['!0 + !5', '1'],
    ['0 && nothing', '0'],
    ['2 || nothing', '1'],
    ['3 && 4', '1'],
    ['1 ? 2 : nothing', '2'],
    ['0 ? 1 : 0 ? 2 : 3', '3'],
    ['1 == 1 ? 5 : 6', '5'],
    ['.5 + 1e2', '100.5'],
    ['"a" < "b"', '1'],
    ['"a" != "a"', '0'],
    ['requeue == requeue', '1'],
    ['vec(1,2) + vec(3,4)', '[4,6]'],
    ['vec(2,4) / 2', '[1,2]'],
    ['TimeInterval_Hour + 2 * TimeInterval_Minute - TimeInterval_Second * 1', '01:01:59'],
    ['TimeInterval_Day / 2 == 12 * TimeInterval_Hour', '1'],
    ['-TimeInterval_Minute', '-00:01:00'],
    ['time("2022-11-30T10:00:00Z") + TimeInterval_Hour', '2022-11-30T11:00:00.000Z'],
    ['time() - time("2022-11-30T12:34:56Z")', '00:00:00.5'],
    ['time() > time("2022-11-30")', '1'],
    ['10 // a remark = 5;', '10'],
  ])('%s is %s', (expression, value) => {
    expect(evaluated(expression)).toBe(value);
  });

  it('reads members of a time', () => {
    const parts = 'time().year * 10000 + time().month * 100 + time().day';
    expect(evaluated(parts)).toBe('20221130');
    expect(evaluated('time().hour * 10000 + time().minute * 100 + time().second')).toBe('123456');
    expect(evaluated('time().weekday')).toBe('3');
  });

  it('lets a statement use the variables before it', () => {
    const formula =
      '$a = 2; b = $a * 3; $TargetDedicatedNodes = b; $TargetLowPriorityNodes = $TargetDedicatedNodes + 1;';
    expect(evaluateFormula(formula, context())).toMatchObject({
      targetDedicatedNodes: 6,
      targetLowPriorityNodes: 7,
    });
    expect(evaluated('$TargetDedicatedNodes / 2')).toBe('1');
  });

  it('ends at stop() with what was assigned before', () => {
    const result = evaluateFormula('$TargetDedicatedNodes = 4; stop(); $TargetDedicatedNodes = 9', context());
    expect(result).toMatchObject({ targetDedicatedNodes: 4 });
    expect(result.error).toBeUndefined();
  });
});

describe('functions', () => {
  it.each([
    ['avg(1, vec(2, 3), 6)', '3'],
    ['len(1, vec(2, 3))', '3'],
    ['len()', '0'],
    ['lg(8)', '3'],
    ['lg(vec(2, 4))', '[1,2]'],
    ['lg(vec(8))', '[3]'],
    ['ln(1)', '0'],
    ['log(1000)', '3'],
    ['max(1, vec(5, 3))', '5'],
    ['min(4, vec(5, 3))', '3'],
    ['norm(3, 4)', '5'],
    ['percentile(vec(30, 10, 20, 40), 50)', '20'],
    ['percentile(vec(30, 10, 20, 40), 100)', '40'],
    ['percentile(vec(30, 10, 20, 40), 0)', '10'],
    ['rand()', '0.25'],
    ['range(3, 9, 4)', '6'],
    ['round(2.5)', '3'],
    ['round(-2.5)', '-3'],
    ['ceil(1.2) * 10 + floor(1.8)', '21'],
    ['std(2, 4, 4, 4, 5, 5, 7, 9)', String(Math.sqrt(32 / 7))],
    ['sum(vec(1, 2), 3)', '6'],
    ['val(vec(4, 5, 6), 1)', '5'],
    ['time("Wed, 30 Nov 2022 10:00:00 GMT")', '2022-11-30T10:00:00.000Z'],
    ['time("2022-11-30T10:00:00")', '2022-11-30T10:00:00.000Z'],
    ['time("2022-11")', '2022-11-01T00:00:00.000Z'],
    ['time("")', '2022-11-30T12:34:56.500Z'],
  ])('%s is %s', (expression, value) => {
    expect(evaluated(expression)).toBe(value);
  });
});

describe('samples', () => {
  it('come by number, most recent first', () => {
    expect(evaluated('$PendingTasks.GetSample(2)', pending(1, 2, 3))).toBe('[3,2]');
    expect(evaluated('$PendingTasks.GetSample(9)', pending(1, 2, 3))).toBe('[3,2,1]');
    expect(evaluated('max(0, $PendingTasks.GetSample(1))', pending())).toBe('0');
  });

  it('come by interval until now, or between two times in either order', () => {
    const world = pending(1, 2, 3, 4, 5, 6);
    expect(evaluated('$PendingTasks.GetSample(TimeInterval_Minute)', world)).toBe('[6,5]');
    expect(evaluated('$PendingTasks.GetSample(TimeInterval_Minute, 2 * TimeInterval_Minute)', world)).toBe(
      '[4,3]',
    );
    expect(evaluated('$PendingTasks.GetSample(2 * TimeInterval_Minute, TimeInterval_Minute)', world)).toBe(
      '[4,3]',
    );
    expect(evaluated('$PendingTasks.GetSample(time() - TimeInterval_Minute, time())', world)).toBe('[6,5]');
  });

  it('fail when fewer are there than required', () => {
    const world = pending(...Array(15).fill(1));
    expect(evaluated('$PendingTasks.GetSamplePercent(TimeInterval_Minute * 10)', world)).toBe('75');
    expect(evaluated('len($PendingTasks.GetSample(TimeInterval_Minute * 10, 75))', world)).toBe('15');
    expect(evaluated('$PendingTasks.GetSample(TimeInterval_Minute * 10, 80)', world)).toBe(
      'Line 1, Col 19: GetSample: 75 per cent of the samples are available, 80 per cent are required',
    );
    const oneOfTwo = pending(1, 1, 1);
    expect(
      evaluated('$PendingTasks.GetSample(TimeInterval_Minute, TimeInterval_Minute * 2, 60)', oneOfTwo),
    ).toContain('50 per cent');
  });

  it('tell their number, period and beginning', () => {
    expect(evaluated('$PendingTasks.Count()', pending(1, 2, 3))).toBe('3');
    expect(evaluated('$PendingTasks.GetSamplePeriod() == 30 * TimeInterval_Second', pending(1))).toBe('1');
    expect(evaluated('$PendingTasks.HistoryBeginTime()', pending(1, 2, 3))).toBe('2022-11-30T12:33:56.500Z');
    expect(evaluated('$PendingTasks.HistoryBeginTime()', pending())).toContain('there are no samples');
  });

  it('give a metric its value where none is present', () => {
    const world = context({ current: {}, samples: () => history(4, 5) });
    expect(evaluated('$RunningTasks', world)).toBe('5');
    expect(evaluated('$PendingTasks')).toBe('7');
    expect(evaluated('$FailedTasks')).toBe('0');
  });
});

describe('formulas from the documentation', () => {
  const byTasks = `
    startingNumberOfVMs = 1;
    maxNumberofVMs = 25;
    pendingTaskSamplePercent = $PendingTasks.GetSamplePercent(180 * TimeInterval_Second);
    pendingTaskSamples = pendingTaskSamplePercent < 70 ? startingNumberOfVMs : avg($PendingTasks.GetSample(180 * TimeInterval_Second));
    $TargetDedicatedNodes=min(maxNumberofVMs, pendingTaskSamples);
    $NodeDeallocationOption = taskcompletion;`;

  it('scale by pending tasks', () => {
    expect(evaluateFormula(byTasks, pending(9))).toMatchObject({ targetDedicatedNodes: 1 });
    expect(evaluateFormula(byTasks, pending(6, 6, 6, 8, 8, 8))).toMatchObject({ targetDedicatedNodes: 7 });
    expect(evaluateFormula(byTasks, pending(...Array(6).fill(1000)))).toMatchObject({
      targetDedicatedNodes: 25,
    });
    expect(evaluateFormula(byTasks, pending(...Array(6).fill(1000))).results).toBe(
      '$TargetDedicatedNodes=25;$TargetLowPriorityNodes=0;$NodeDeallocationOption=taskcompletion;' +
        'maxNumberofVMs=25;pendingTaskSamplePercent=100;pendingTaskSamples=1000;startingNumberOfVMs=1',
    );
  });

  it('scale by the time of day', () => {
    const byTime = `
      $curTime = time();
      $workHours = $curTime.hour >= 8 && $curTime.hour < 18;
      $isWeekday = $curTime.weekday >= 1 && $curTime.weekday <= 5;
      $isWorkingWeekdayHour = $workHours && $isWeekday;
      $TargetDedicatedNodes = $isWorkingWeekdayHour ? 20:10;`;
    expect(evaluateFormula(byTime, context()).targetDedicatedNodes).toBe(20);
    const night = context({ now: new Date('2022-11-30T20:00:00Z') });
    expect(evaluateFormula(byTime, night).results).toBe(
      '$TargetDedicatedNodes=10;$TargetLowPriorityNodes=0;$NodeDeallocationOption=requeue;' +
        '$curTime=2022-11-30T20:00:00.000Z;$isWeekday=1;$isWorkingWeekdayHour=0;$workHours=0',
    );
  });
});

describe('checkFormula', () => {
  it('reads without evaluating', () => {
    expect(checkFormula('$TargetDedicatedNodes = nothing;')).toBeUndefined();
    expect(checkFormula('a = ')).toEqual({
      code: 'AutoScalingFormulaSyntaxError',
      message: 'Line 1, Col 5: Syntax error: unexpected end of formula',
    });
    expect(checkFormula(' '.repeat(9000))?.code).toBe('AutoScalingFormulaTooLong');
    expect(checkFormula('a=1;'.repeat(101))?.code).toBe('AutoScalingFormulaSyntaxError');
    expect(checkFormula('a=1;'.repeat(100))).toBeUndefined();
  });
});

describe('bounds', () => {
  it.each([
    ['parentheses', `a = ${'('.repeat(4000)}1${')'.repeat(4000)}`],
    ['negations', `a = ${'!'.repeat(8000)}1`],
    ['conditions', `a = ${'1 ? 1 : '.repeat(1000)}1`],
    ['operators', `a = ${'1+'.repeat(4000)}1`],
    ['members', `a = a${'.a'.repeat(4000)}`],
    ['calls', `a = ${'avg('.repeat(1500)}1${')'.repeat(1500)}`],
  ])('too many %s fail instead of exhausting the stack', (_kind, formula) => {
    expect(evaluateFormula(formula, context()).error?.values[0]?.value).toContain('too complex');
  });

  it('vectors that multiply fail instead of exhausting memory', () => {
    const doubling = `v = vec(1,1); ${'v = vec(v,v,v,v,v,v,v,v,v,v);'.repeat(90)}`;
    expect(evaluateFormula(doubling, context()).error?.values[0]?.value).toContain('too long');
  });

  it('no input makes it throw', () => {
    const piece = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 5 }),
      fc.constantFrom(...'= ; ( ) , . ? : + - * / < == && || ! "a" 1 2.5 x $x'.split(' ')),
      fc.constantFrom(
        '$PendingTasks',
        '.GetSample(',
        'TimeInterval_Minute',
        'time()',
        'vec(1,2)',
        'avg(',
        'requeue',
        '\n',
      ),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 60 }), (pieces) => {
        const result = evaluateFormula(pieces.join(' '), pending(1, 2, 3));
        expect(Number.isInteger(result.targetDedicatedNodes)).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });

  it('arithmetic agrees with a reference', () => {
    const leaf = fc.integer({ min: -99, max: 99 });
    const operator = fc.constantFrom('+', '-', '*');
    const { node } = fc.letrec<{ node: string; group: string }>((tie) => ({
      node: fc.oneof(
        { depthSize: 'small' },
        leaf.map((value) => `(${value})`),
        tie('group'),
      ),
      group: fc.tuple(tie('node'), operator, tie('node'), fc.boolean()).map(([left, sign, right, wrap]) => {
        const text = `${left} ${sign} ${right}`;
        return wrap ? `(${text})` : text;
      }),
    }));
    fc.assert(
      fc.property(node, (expression) => {
        // The generated text is arithmetic on numbers only, which means the same in both languages.
        const reference: unknown = new Function(`return ${expression}`)();
        expect(Number(evaluated(expression))).toBe(Number(reference) + 0);
      }),
    );
  });
});
