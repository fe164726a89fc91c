import { ServiceError, UsageError } from '../lib/errors.ts';
import type { Entity, Scope } from '../resources/types.ts';
import { need, pathOf, type ResourceAdapter } from './adapter.ts';
import { changeEntity, postEntity } from './changes.ts';
import { fetchEntity, fetchPage } from './paging.ts';
import type { StateCounts, TaskAddOutcome, TaskCounts } from './port.ts';
import { firstLine } from './wire/service-errors.ts';
import type { Transport } from './wire/transport.ts';

/** The service's limit for one call. */
const TASKS_PER_CALL = 100;

/** @see https://learn.microsoft.com/rest/api/batchservice/task */
export const tasks: ResourceAdapter = {
  listPage: (transport, scope, query, signal) => fetchPage(transport, tasksPath(scope), query, signal),
  get: (transport, scope, id, signal) => fetchEntity(transport, tasksPath(scope) + pathOf(id), signal),
  add: (transport, scope, body, signal) => postEntity(transport, tasksPath(scope), body, signal),
  update: (transport, scope, id, patch, etag, signal) =>
    changeEntity(transport, 'PUT', tasksPath(scope) + pathOf(id), patch, etag, signal),
  actions: {
    delete: (transport, scope, id, _args, signal) => {
      const job = need(scope, 'job', 'tasks');
      return transport.call((client, options) => client.task.deleteMethod(job, id, options), signal);
    },
    terminate: (transport, scope, id, _args, signal) => {
      const job = need(scope, 'job', 'tasks');
      return transport.call((client, options) => client.task.terminate(job, id, options), signal);
    },
    reactivate: (transport, scope, id, _args, signal) => {
      const job = need(scope, 'job', 'tasks');
      return transport.call((client, options) => client.task.reactivate(job, id, options), signal);
    },
  },
};

function tasksPath(scope: Scope): string {
  return pathOf('jobs', need(scope, 'job', 'tasks'), 'tasks');
}

/**
 * Adds at most 100 tasks in one call. The service answers in an order of its own; the outcomes are in the
 * order of `bodies`. A body of more than 1 MB rejects with RequestBodyTooLarge and adds nothing.
 * @see https://learn.microsoft.com/rest/api/batchservice/task/add-collection
 */
export async function addTaskCollection(
  transport: Transport,
  job: string,
  bodies: readonly Entity[],
  signal: AbortSignal,
): Promise<TaskAddOutcome[]> {
  if (bodies.length > TASKS_PER_CALL) throw new UsageError(`at most ${TASKS_PER_CALL} tasks go in one call`);
  if (bodies.length === 0) return [];
  const reply = await transport.send(
    { method: 'POST', path: pathOf('jobs', job, 'addtaskcollection'), body: { value: bodies } },
    signal,
  );
  const answers = answersById(reply.body);
  return bodies.map((body) => outcomeOf(idOf(body), answers));
}

interface TaskAnswer {
  readonly taskId: string;
  readonly status: string;
  readonly error?: { readonly code?: string; readonly message?: { readonly value?: string } };
}

function answersById(body: unknown): Map<string, TaskAnswer[]> {
  const value = typeof body === 'object' && body !== null && 'value' in body ? body.value : undefined;
  if (!Array.isArray(value)) {
    throw new ServiceError({
      status: 200,
      code: 'InvalidReply',
      message: 'the service did not list the tasks it added',
    });
  }
  const answers = new Map<string, TaskAnswer[]>();
  for (const answer of value as TaskAnswer[]) {
    const key = answer.taskId.toLowerCase();
    answers.set(key, [...(answers.get(key) ?? []), answer]);
  }
  return answers;
}

/** Takes one answer a body, so that an id given twice gets both of its answers. */
function outcomeOf(id: string, answers: Map<string, TaskAnswer[]>): TaskAddOutcome {
  const answer = answers.get(id.toLowerCase())?.shift();
  if (answer === undefined) {
    return {
      id,
      ok: false,
      code: 'NoAnswer',
      message: 'the service did not say what became of it',
      retryable: false,
    };
  }
  if (answer.status.toLowerCase() === 'success') return { id, ok: true };
  return {
    id,
    ok: false,
    code: answer.error?.code ?? answer.status,
    message: firstLine(answer.error?.message?.value ?? answer.status),
    retryable: answer.status.toLowerCase() === 'servererror',
  };
}

function idOf(body: Entity): string {
  return 'id' in body && typeof body.id === 'string' ? body.id : '';
}

/**
 * Tasks of a job by state, and the slots they take.
 * @see https://learn.microsoft.com/rest/api/batchservice/job/get-task-counts
 */
export async function fetchTaskCounts(
  transport: Transport,
  job: string,
  signal: AbortSignal,
): Promise<TaskCounts> {
  const counts: { taskCounts?: Partial<StateCounts>; taskSlotCounts?: Partial<StateCounts> } =
    await fetchEntity(transport, pathOf('jobs', job, 'taskcounts'), signal);
  return { tasks: stateCounts(counts.taskCounts), slots: stateCounts(counts.taskSlotCounts) };
}

function stateCounts(counts: Partial<StateCounts> | undefined): StateCounts {
  return { active: 0, running: 0, completed: 0, succeeded: 0, failed: 0, ...counts };
}
