import { counted } from '../lib/units.ts';
import type { Column } from './types.ts';

/** What went on in an account when it was asked. */
export interface AccountPulse {
  readonly pools?: number;
  readonly nodes?: number;
  /** Active ones. */
  readonly jobs?: number;
  /** Nodes that are of no use, and pools whose resize failed. */
  readonly faults?: number;
  /** There is more than was counted. */
  readonly isPart?: boolean;
  /** Why it could not be asked. */
  readonly problem?: string;
  /** The service's clock, in milliseconds. */
  readonly at: number;
}

/** What `p` asks for; nothing is known of it before. */
export const PULSE_COLUMNS: readonly Column<{ readonly pulse?: AccountPulse | undefined }>[] = [
  {
    id: 'pulse',
    title: 'PULSE',
    kind: 'text',
    detail: true,
    maxWidth: 40,
    select: [],
    value: ({ pulse }) => pulse && pulseText(pulse),
    tone: ({ pulse }) => (pulse?.problem !== undefined || (pulse?.faults ?? 0) > 0 ? 'bad' : undefined),
  },
  {
    id: 'asked',
    title: 'ASKED',
    kind: 'age',
    detail: true,
    wide: true,
    select: [],
    value: ({ pulse }) => (pulse === undefined ? undefined : new Date(pulse.at)),
  },
];

function pulseText(pulse: AccountPulse): string {
  const { pools = 0, nodes = 0, jobs = 0, faults = 0, isPart, problem } = pulse;
  if (problem !== undefined) return problem;
  const parts = [counted(pools, 'pool'), counted(nodes, 'node'), counted(jobs, 'job')];
  const text = [...parts, ...(faults === 0 ? [] : [counted(faults, 'fault')])].join(', ');
  return isPart === true ? `at least ${text}` : text;
}
