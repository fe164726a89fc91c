import { describe, expect, test } from 'vitest';
import type { ComputeNode } from '../../../src/resources/node.ts';
import { countNodes, mostUsed, NODE_SIGNS, nodeSign, usedSlots } from '../../../src/resources/node-map.ts';

function node(changes: Partial<ComputeNode>): ComputeNode {
  return { id: 'n', schedulingState: 'enabled', isDedicated: true, ...changes };
}

const running = (runningTaskSlotsCount: number, isDedicated = true) =>
  node({ state: 'running', runningTaskSlotsCount, isDedicated });

describe('the sign of a node', () => {
  test('is fuller the more slots are in use, and full only when none is left', () => {
    const glyphs = (slots: number) =>
      Array.from({ length: slots + 1 }, (_, used) => nodeSign(running(used), slots).glyph).join('');
    expect(glyphs(1)).toBe('░█');
    expect(glyphs(2)).toBe('░▒█');
    expect(glyphs(4)).toBe('░░▒▓█');
    expect(glyphs(8)).toBe('░░░▒▒▒▓▓█');
  });

  test('is a circle or a capital on Spot nodes', () => {
    const spot = (state: string) => nodeSign(node({ state, isDedicated: false }), 4).glyph;
    expect([1, 2, 3, 4].map((used) => nodeSign(running(used, false), 4).glyph)).toEqual(['◔', '◑', '◕', '●']);
    expect([spot('idle'), spot('startTaskFailed'), spot('preempted')]).toEqual(['○', 'F', 'P']);
  });

  test('tells every state from every other without colour', () => {
    const glyphs = NODE_SIGNS.flatMap(({ dedicated, spot }) => [...dedicated, ...spot]);
    expect(new Set(glyphs).size).toBe(glyphs.length);
    expect(nodeSign(node({ state: 'hibernating' }), 1).glyph).toBe('?');
  });

  test('has the tone of its state, and another where nothing more is scheduled', () => {
    expect(nodeSign(running(1), 4).tone).toBe('good');
    expect(nodeSign({ ...running(1), schedulingState: 'disabled' }, 4).tone).toBe('waiting');
    expect(nodeSign(node({ state: 'unusable', schedulingState: 'disabled' }), 4).tone).toBe('bad');
    expect(nodeSign(node({ state: 'idle', errors: [{ code: 'DiskFull' }] }), 4).tone).toBe('bad');
  });

  test('goes by the tasks where the service does not count slots', () => {
    expect(usedSlots(node({ runningTasksCount: 3 }))).toBe(3);
    expect(usedSlots(node({ runningTasksCount: 1, runningTaskSlotsCount: 4 }))).toBe(4);
    expect(mostUsed([running(2), running(6), node({})])).toBe(6);
    expect(mostUsed([])).toBe(1);
  });
});

describe('counts of nodes', () => {
  test('are of the states that there are, what works first', () => {
    const nodes = [
      node({ state: 'starting' }),
      node({ state: 'hibernating' }),
      node({ state: 'Idle', schedulingState: 'disabled' }),
      node({ state: 'unusable', isDedicated: false }),
      node({ state: 'offline', schedulingState: 'disabled' }),
      running(1),
      running(1, false),
    ];
    const counts = countNodes(nodes);
    expect(counts.states.map(({ state, glyphs, count }) => `${glyphs} ${state} ${count}`)).toEqual([
      '░▒▓█ running 2',
      '□ idle 1',
      'X unusable 1',
      's starting 1',
      'o offline 1',
      '? hibernating 1',
    ]);
    expect([counts.spot, counts.closed]).toEqual([2, 1]);
  });
});
