import { type ComputeNode, nodes } from './node.ts';
import type { Tone } from './types.ts';
import { sameWord } from './wire.ts';

/** What a map shows in place of a node: a sign that tells its state without colour, and what it says at a glance. */
export interface NodeSign {
  readonly glyph: string;
  readonly tone: Tone;
}

/** What dedicated nodes and Spot nodes look like in a state. */
export interface StateSigns {
  readonly state: string;
  readonly dedicated: string;
  readonly spot: string;
}

/** Of a dedicated and a Spot node that run tasks, from few to as many as it has slots for. */
const LOADS = { dedicated: '░▒▓█', spot: '◔◑◕●' } as const;

/** Letters where a node is on its way or in trouble; a capital is a Spot node. */
function letter(state: string, sign: string): StateSigns {
  return { state, dedicated: sign, spot: sign.toUpperCase() };
}

/**
 * The states in the order in which a legend has them: what works, what does not, and what is on its way.
 * @see https://learn.microsoft.com/rest/api/batchservice/compute-node/get#computenodestate
 */
export const NODE_SIGNS: readonly StateSigns[] = [
  { state: 'running', ...LOADS },
  { state: 'idle', dedicated: '□', spot: '○' },
  letter('starttaskfailed', 'f'),
  letter('unusable', 'x'),
  letter('unknown', 'n'),
  letter('preempted', 'p'),
  letter('waitingforstarttask', 'w'),
  letter('creating', 'c'),
  letter('starting', 's'),
  letter('rebooting', 'b'),
  letter('reimaging', 'i'),
  letter('upgradingos', 'u'),
  letter('leavingpool', 'l'),
  letter('deallocating', 'd'),
  letter('deallocated', 'z'),
  letter('offline', 'o'),
];

const OTHER: StateSigns = { state: 'other', dedicated: '?', spot: '?' };

function signsOf(state: string | undefined): StateSigns {
  return NODE_SIGNS.find((signs) => sameWord(state, signs.state)) ?? OTHER;
}

function isSpot(node: ComputeNode): boolean {
  return node.isDedicated === false;
}

/** Task slots in use, or tasks where the service does not say how many slots they take. */
export function usedSlots(node: ComputeNode): number {
  return node.runningTaskSlotsCount ?? node.runningTasksCount ?? 0;
}

/** The most slots in use on a node: what is full where nobody says how many slots a node has. */
export function mostUsed(all: readonly ComputeNode[]): number {
  return all.reduce((most, node) => Math.max(most, usedSlots(node)), 1);
}

/** What a node looks like where a node has `slots` slots for tasks. */
export function nodeSign(node: ComputeNode, slots: number): NodeSign {
  const signs = signsOf(node.state);
  const glyphs = isSpot(node) ? signs.spot : signs.dedicated;
  const glyph = glyphs[glyphs.length > 1 ? loadLevel(usedSlots(node), slots) : 0] ?? '?';
  return { glyph, tone: signTone(node) };
}

/** The last level is for a node that has no slot left, and only for that. */
function loadLevel(used: number, slots: number): number {
  const highest = LOADS.dedicated.length - 1;
  if (used >= slots) return highest;
  return Math.max(0, Math.ceil((used / slots) * highest) - 1);
}

/** A node that gets no more tasks stands out among those that do. */
function signTone(node: ComputeNode): Tone {
  return isClosed(node) ? 'waiting' : nodes.tone(node);
}

/** Whether a node that runs or could run tasks gets no more of them; of an offline one its state says it. */
function isClosed(node: ComputeNode): boolean {
  const tone = nodes.tone(node);
  return (tone === 'good' || tone === 'plain') && sameWord(node.schedulingState, 'disabled');
}

export interface StateCount {
  readonly state: string;
  /** The signs of the state's nodes; those of Spot nodes where there are no others. */
  readonly glyphs: string;
  readonly tone: Tone;
  readonly count: number;
}

export interface NodeCounts {
  /** Of the states that there are. */
  readonly states: readonly StateCount[];
  readonly spot: number;
  /** Nodes that work but get no more tasks. */
  readonly closed: number;
}

/** How many nodes there are in each state. */
export function countNodes(all: readonly ComputeNode[]): NodeCounts {
  const byState = new Map<string, ComputeNode[]>();
  for (const node of all) {
    const state = node.state?.toLowerCase() ?? OTHER.state;
    const alike = byState.get(state);
    if (alike === undefined) byState.set(state, [node]);
    else alike.push(node);
  }
  const known = NODE_SIGNS.map(({ state }) => state);
  const found = [...byState.keys()];
  const order = [
    ...known.filter((state) => byState.has(state)),
    ...found.filter((state) => !known.includes(state)),
  ];
  return {
    states: order.map((state) => stateCount(state, byState.get(state) ?? [])),
    spot: all.filter(isSpot).length,
    closed: all.filter(isClosed).length,
  };
}

function stateCount(state: string, alike: readonly ComputeNode[]): StateCount {
  const signs = signsOf(state);
  const glyphs = alike.every(isSpot) ? signs.spot : signs.dedicated;
  return { state, glyphs, tone: nodes.tone({ id: '', state }), count: alike.length };
}
