import { describe, expect, test } from 'vitest';
import type { TaskAddOutcome } from '../../../../src/api/port.ts';
import { ServiceError, UnreachableError } from '../../../../src/lib/errors.ts';
import { addTaskUnits } from '../../../../src/store/actions/add-tasks.ts';
import type { Failure } from '../../../../src/store/dialogs.ts';
import { noAnswer, scriptedPort } from '../../../support/scripted-port.ts';
import { steps } from '../../../support/store-kit.ts';

interface Body {
  readonly id: string;
}

const bodies = (count: number): Body[] =>
  Array.from({ length: count }, (_, number) => ({ id: `t${number + 1}` }));

type Answer = (bodies: readonly Body[], call: number) => readonly TaskAddOutcome[] | Error;

/** Adds the tasks to a service that answers each call as the test says. */
async function add(tasks: readonly Body[], answer: Answer, signal = new AbortController().signal) {
  const sizes: number[] = [];
  const waits: number[] = [];
  const port = scriptedPort({
    addTasks: async (_job, asked) => {
      sizes.push(asked.length);
      const result = answer(asked as readonly Body[], sizes.length);
      if (result instanceof Error) throw result;
      return [...result];
    },
  });
  const failures: Failure[] = [];
  const wait = async (milliseconds: number) => void waits.push(milliseconds);
  for (const unit of addTaskUnits(port, 'myjob', tasks, wait))
    failures.push(...(await unit.run(signal, () => {})));
  return { sizes, waits, failures, port };
}

const allOk: Answer = (asked) => asked.map(({ id }) => ({ id, ok: true }));

const refusal = (status: number, code: string, retryAfter?: number) =>
  new ServiceError({ status, code, message: code, retryAfter });

const failed = (id: string, code: string, retryable: boolean): TaskAddOutcome => ({
  id,
  ok: false,
  code,
  message: `${code} happened`,
  retryable,
});

describe('adding many tasks', () => {
  test('takes 100 a call, made only when they are sent', async () => {
    const { sizes, failures } = await add(bodies(250), allOk);
    expect(sizes).toEqual([100, 100, 50]);
    expect(failures).toEqual([]);

    let made = 0;
    function* endless() {
      for (;;) yield { id: `t${++made}` };
    }
    addTaskUnits(scriptedPort(), 'j', endless(), async () => undefined).next();
    expect(made).toBe(100);
  });

  test('halves a call that is too large, until it fits', async () => {
    const { sizes, failures } = await add(bodies(100), (asked, call) =>
      asked.length > 30 ? refusal(413, 'RequestBodyTooLarge') : allOk(asked, call),
    );
    expect(sizes).toEqual([100, 50, 25, 25, 50, 25, 25]);
    expect(failures).toEqual([]);
  });

  test('a single task that is too large has failed', async () => {
    const { sizes, failures } = await add(bodies(1), () => refusal(413, 'RequestBodyTooLarge'));
    expect(sizes).toEqual([1]);
    expect(failures).toEqual([{ id: 't1', reason: 'RequestBodyTooLarge (RequestBodyTooLarge)' }]);
  });

  test('waits as the service asks when it is busy, and a throttled call has done nothing', async () => {
    const { sizes, waits, failures } = await add(bodies(2), (asked, call) =>
      call === 1
        ? refusal(429, 'TooManyRequests', 7000)
        : asked.map(({ id }) => (id === 't1' ? failed(id, 'TaskExists', false) : { id, ok: true })),
    );
    expect(sizes).toEqual([2, 2]);
    expect(waits).toEqual([7000]);
    expect(failures).toEqual([{ id: 't1', reason: 'TaskExists happened (TaskExists)' }]);
  });

  test('waits no longer than five minutes, whatever the service asks for', async () => {
    const { waits } = await add(bodies(1), (asked, call) =>
      call === 1 ? refusal(429, 'TooManyRequests', 9e9) : allOk(asked, call),
    );
    expect(waits).toEqual([300_000]);
  });

  test('after a doubtful failure a task that exists was added by it', async () => {
    for (const doubt of [refusal(500, 'InternalError'), new UnreachableError('gone')]) {
      const { sizes, failures } = await add(bodies(3), (asked, call) =>
        call === 1
          ? doubt
          : asked.map(({ id }) => (id === 't3' ? { id, ok: true } : failed(id, 'TaskExists', false))),
      );
      expect(sizes).toEqual([3, 3]);
      expect(failures).toEqual([]);
    }
  });

  test('without a doubt a task that exists has failed', async () => {
    const { failures } = await add(bodies(1), (asked) =>
      asked.map(({ id }) => failed(id, 'TaskExists', false)),
    );
    expect(failures).toHaveLength(1);
  });

  test('tries again only those that may be tried again', async () => {
    const { sizes, waits, failures } = await add(bodies(4), (asked, call) =>
      asked.map(({ id }) => {
        if (id === 't1') return failed(id, 'InvalidPropertyValue', false);
        return call === 1 && id !== 't4' ? failed(id, 'ServerBusy', true) : { id, ok: true };
      }),
    );
    expect(sizes).toEqual([4, 2]);
    expect(waits).toEqual([500]);
    expect(failures).toEqual([{ id: 't1', reason: 'InvalidPropertyValue happened (InvalidPropertyValue)' }]);
  });

  test('gives up after five tries, waiting longer each time', async () => {
    const { sizes, waits, failures } = await add(bodies(2), () => new UnreachableError('gone'));
    expect(sizes).toEqual([2, 2, 2, 2, 2]);
    expect(waits).toEqual([500, 1000, 2000, 4000]);
    expect(failures.map(({ id }) => id)).toEqual(['t1', 't2']);
  });

  test('does not try again what was refused for good', async () => {
    const { sizes, failures } = await add(bodies(2), () => refusal(404, 'JobNotFound'));
    expect(sizes).toEqual([2]);
    expect(failures.map(({ reason }) => reason)).toEqual([
      'JobNotFound (JobNotFound)',
      'JobNotFound (JobNotFound)',
    ]);
  });

  test('of a call in halves only the half that was refused has failed', async () => {
    const { failures } = await add(bodies(4), (asked, call) => {
      if (asked.length > 2) return refusal(413, 'RequestBodyTooLarge');
      return asked[0]?.id === 't3' ? refusal(409, 'JobBeingDeleted') : allOk(asked, call);
    });
    expect(failures.map(({ id }) => id)).toEqual(['t3', 't4']);
  });

  test('stopped while it waits, it says so at once and sends nothing more', async () => {
    const abort = new AbortController();
    let calls = 0;
    const port = scriptedPort({
      addTasks: () => {
        calls += 1;
        return Promise.reject(new UnreachableError('gone'));
      },
    });
    const [unit] = addTaskUnits(port, 'myjob', bodies(2), () => noAnswer(new AbortController().signal));
    const ended = unit?.run(abort.signal, () => {});
    await steps();
    abort.abort();
    expect((await ended)?.map(({ id }) => id)).toEqual(['t1', 't2']);
    expect(calls).toBe(1);
  });
});
