import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FaultSpecError, parseFaults } from '../../../../emulator/http/faults.ts';

describe('fault specifications', () => {
  it('hit exactly their share of the requests', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 20 }), fc.integer({ min: 1, max: 20 }), (a, b) => {
        fc.pre(a <= b);
        const faults = parseFaults(`Pool_List:500@${a}/${b}`);
        let hits = 0;
        for (let request = 0; request < b * 5; request += 1) hits += faults.effectsOn('Pool_List').length;
        expect(hits).toBe(a * 5);
      }),
    );
  });

  it('name operations with stars, and several effects', () => {
    const faults = parseFaults('Task_*:latency=5, *:429+3');
    expect(faults.effectsOn('Task_List')).toEqual([
      { kind: 'latency', milliseconds: 5 },
      { kind: 'refuse', status: 429, retryAfter: 3 },
    ]);
    expect(faults.effectsOn('Pool_List')).toEqual([{ kind: 'refuse', status: 429, retryAfter: 3 }]);
  });

  it.each(['nonsense', 'None_List:429', 'Pool_List:418', 'Pool_List:429@0', 'Pool_List:429@2', 'Pool_List:'])(
    'are refused when they are %s',
    (text) => {
      expect(() => parseFaults(text)).toThrow(FaultSpecError);
    },
  );
});
