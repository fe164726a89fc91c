/** What the service makes of a formula. @see https://learn.microsoft.com/rest/api/batchservice/pool/evaluate-auto-scale */
export interface AutoScaleRun {
  readonly timestamp?: string;
  /** `$TargetDedicatedNodes=3;$NodeDeallocationOption=requeue;x=1` */
  readonly results?: string;
  readonly error?: {
    readonly code?: string;
    readonly message?: string;
    readonly values?: readonly { readonly name?: string; readonly value?: string }[];
  };
}

/** The targets of a pool, as a formula sets them. */
export interface ScaleTargets {
  readonly targetDedicatedNodes?: number;
  readonly targetLowPriorityNodes?: number;
}

/** One variable of an evaluation beside what the pool has now, where it has it. */
export interface ScaleOutcome {
  readonly name: string;
  readonly before: string | undefined;
  readonly after: string;
}

/** A formula that was written for a pool, and what came of it. */
export interface TriedFormula {
  readonly formula: string;
  /** How often it is evaluated, as ISO 8601. */
  readonly interval: string;
  /** Milliseconds, our clock. */
  readonly at: number;
  /** In words: what a dry run set, or that it was applied. */
  readonly outcome: string;
}

/** For a pool that has never had one: as many nodes as tasks wait, five at most. */
export const FIRST_FORMULA = `// one node for each task that waits or runs, five at most
waiting = $PendingTasks.GetSample(1);
$TargetDedicatedNodes = min(5, waiting);
// a node that goes finishes its tasks first
$NodeDeallocationOption = taskcompletion;
`;

/** The service's default. */
export const DEFAULT_INTERVAL = 'PT15M';

/** The variables of an evaluation: the targets first, then the rest in the service's order. */
export function scaleOutcomes(results: string, now: ScaleTargets): ScaleOutcome[] {
  const held: Readonly<Record<string, number | undefined>> = {
    $TargetDedicatedNodes: now.targetDedicatedNodes,
    $TargetDedicated: now.targetDedicatedNodes,
    $TargetLowPriorityNodes: now.targetLowPriorityNodes,
  };
  const outcomes = results
    .split(';')
    .map((part) => /^\s*([^=\s]+)\s*=\s*(.*?)\s*$/s.exec(part))
    .filter((match) => match !== null)
    .map(([, name = '', after = '']): ScaleOutcome => ({ name, before: held[name]?.toString(), after }));
  const isTarget = ({ name }: ScaleOutcome): boolean => name in held;
  return [...outcomes.filter(isTarget), ...outcomes.filter((outcome) => !isTarget(outcome))];
}

/** What went wrong with an evaluation, the reason first, a line each; none where it went well. */
export function scaleFaults({ error }: AutoScaleRun): readonly string[] {
  if (error === undefined) return [];
  const reasons = (error.values ?? []).map(({ name, value }) =>
    name === 'Message' && value !== undefined ? value : `${name}: ${value}`,
  );
  return [...reasons, `${error.message} (${error.code})`];
}
