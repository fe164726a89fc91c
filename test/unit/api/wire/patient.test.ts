import { expect, it } from 'vitest';
import { patient } from '../../../../src/api/wire/patient.ts';
import { errorBody, startStub } from '../../../support/stub-service.ts';

const never = new AbortController().signal;

it('waits as long as it is told and asks again', async () => {
  const stub = await startStub((_request, count) =>
    count < 3
      ? { status: 429, headers: { 'retry-after': '2' }, body: errorBody('TooManyRequests', 'Too many.') }
      : { body: { value: [{ id: 'p' }] } },
  );
  const waits: number[] = [];
  const port = patient(stub.port, async (milliseconds) => {
    waits.push(milliseconds);
  });
  expect((await port.listPage('pools', {}, {}, never)).rows).toEqual([{ id: 'p' }]);
  expect(waits).toHaveLength(2);
  for (const wait of waits) expect(wait).toBeGreaterThanOrEqual(2000);
  await stub.close();
});

it('gives up in the end, and at once when waiting will not help', async () => {
  const busy = await startStub(() => ({ status: 500, body: errorBody('InternalError', 'Sorry.') }));
  const port = patient(busy.port, async () => {});
  await expect(port.get('pools', {}, 'p', never)).rejects.toMatchObject({ code: 'InternalError' });
  expect(busy.seen).toHaveLength(8);
  await busy.close();
  const missing = await startStub(() => ({ status: 404, body: errorBody('PoolNotFound', 'No.') }));
  await expect(patient(missing.port, async () => {}).get('pools', {}, 'p', never)).rejects.toThrow();
  expect(missing.seen).toHaveLength(1);
  await missing.close();
});

it('never repeats a change that may have taken effect', async () => {
  const stub = await startStub(() => ({ status: 500, body: errorBody('InternalError', 'Sorry.') }));
  const port = patient(stub.port, async () => {});
  await expect(port.add('pools', {}, { id: 'p' }, never)).rejects.toThrow();
  await expect(port.addTasks('j', [{ id: 't' }], never)).rejects.toThrow();
  expect(stub.seen).toHaveLength(2);
  await stub.close();
});

it('tells of long waits, and waits as long as the service asks for', async () => {
  const stub = await startStub((_request, count) => {
    if (count === 1)
      return { status: 429, headers: { 'retry-after': '100' }, body: errorBody('TooManyRequests', '') };
    if (count === 2)
      return { status: 500, headers: { 'retry-after': '9' }, body: errorBody('InternalError', '') };
    return count === 3 ? { status: 503, body: errorBody('ServerBusy', '') } : { body: { value: [] } };
  });
  const waits: number[] = [];
  const told: string[] = [];
  const port = patient(
    stub.port,
    async (milliseconds) => void waits.push(milliseconds),
    async (line) => void told.push(line),
  );
  await port.listPage('pools', {}, {}, never);
  expect(waits[0]).toBeGreaterThanOrEqual(100_000);
  expect(told).toEqual([
    expect.stringMatching(/^the service is busy: next try in 1\d\d s$/),
    expect.stringMatching(/^the service failed \(InternalError\): next try in \d+ s$/),
  ]);
  await stub.close();
});

it.each([
  [429, 'TooManyRequests'],
  [503, 'ServerBusy'],
])('repeats a change that the service turned away with %i %s', async (status, code) => {
  const stub = await startStub((_request, count) =>
    count < 3 ? { status, body: errorBody(code, 'Not now.') } : { status: 202 },
  );
  const port = patient(stub.port, async () => {});
  await port.act({ resource: 'jobs', scope: {}, id: 'j', action: 'delete' }, never);
  expect(stub.seen).toHaveLength(3);
  await stub.close();
});
