import { UsageError } from '../lib/errors.ts';
import { type ActionArguments, textArgument } from './adapter.ts';

const DEALLOCATION_OPTIONS = ['requeue', 'terminate', 'taskcompletion', 'retaineddata'] as const;
const SCHEDULING_OPTIONS = ['requeue', 'terminate', 'taskcompletion'] as const;
const JOB_OPTIONS = ['requeue', 'terminate', 'wait'] as const;

/** What happens to the tasks of nodes that go; undefined leaves it to the service (requeue). */
export function deallocationOption(args: ActionArguments) {
  return oneOf(args, 'nodeDeallocationOption', DEALLOCATION_OPTIONS);
}

/** What happens to running tasks when a node reboots or is reimaged. */
export function rebootOption(args: ActionArguments, name: 'nodeRebootOption' | 'nodeReimageOption') {
  return oneOf(args, name, DEALLOCATION_OPTIONS);
}

/** What happens to running tasks when a node takes no more. */
export function schedulingOption(args: ActionArguments) {
  return oneOf(args, 'nodeDisableSchedulingOption', SCHEDULING_OPTIONS);
}

/** What happens to running tasks of a job that is disabled; the service wants it said, and requeue is ours. */
export function disableTasksOption(args: ActionArguments) {
  return oneOf(args, 'disableTasks', JOB_OPTIONS) ?? 'requeue';
}

function oneOf<T extends string>(args: ActionArguments, name: string, values: readonly T[]): T | undefined {
  const text = textArgument(args, name);
  if (text === undefined) return undefined;
  const value = values.find((candidate) => candidate === text.toLowerCase());
  if (value === undefined) throw new UsageError(`${name} must be one of ${values.join(', ')}, not ${text}`);
  return value;
}
