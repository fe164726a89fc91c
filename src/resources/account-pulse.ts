import type { Column } from './types.ts';

/** What went on in an account when it was asked. */
export interface AccountPulse {
  readonly pools?: number;
  readonly nodes?: number;
  /** Active ones. */
  readonly jobs?: number;
  /** Nodes that are of no use, and pools whose resize failed. */
  readonly faults?: number;
  /** Why it could not be asked. */
  readonly problem?: string;
  /** Our clock, in milliseconds. */
  readonly at: number;
}

/** What `p` asks for; nothing is known of it before. */
export const PULSE_COLUMNS: readonly Column<{ readonly pulse?: AccountPulse | undefined }>[] = [
  {
    id: 'nodes',
    title: 'NODES',
    kind: 'number',
    detail: true,
    select: [],
    value: ({ pulse }) => pulse?.nodes,
  },
  { id: 'jobs', title: 'JOBS', kind: 'number', detail: true, select: [], value: ({ pulse }) => pulse?.jobs },
  {
    id: 'faults',
    title: 'FAULTS',
    kind: 'text',
    detail: true,
    maxWidth: 24,
    select: [],
    value: ({ pulse }) => pulse?.problem ?? (pulse?.faults === undefined ? undefined : String(pulse.faults)),
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
