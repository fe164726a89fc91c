import { capital } from '../lib/capital.ts';
import { type Awaited, kindOf, type Sighting } from './sighting.ts';

/** What a webhook is told of something that was watched. It holds no address, key or signature of the account. */
export interface Notice {
  /** A sentence: the one member that Slack and Teams show. */
  readonly text: string;
  readonly what: 'job' | 'pool' | 'task';
  /** Of a task with its job: `render/frame1`. */
  readonly id: string;
  /** What was waited for. */
  readonly until: Awaited['until'];
  /** `going on`: something of it failed, and it is not over. */
  readonly result: 'success' | 'failure' | 'going on';
  readonly account: string;
  /** ISO 8601. */
  readonly when: string;
}

/** What is told of a look at something that is watched. `now` is in milliseconds. */
export function noticeOf(awaited: Awaited, seen: Sighting, account: string, now: number): Notice {
  const { resource, scope, id, until } = awaited;
  return {
    text: `${capital(seen.text)} (Batch account ${account})`,
    what: kindOf(resource),
    id: resource === 'tasks' ? `${scope.job}/${id}` : id,
    until,
    result: seen.isOver ? (seen.isBad ? 'failure' : 'success') : 'going on',
    account,
    when: new Date(now).toISOString(),
  };
}
