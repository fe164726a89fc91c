import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Route } from '../../emulator/http/routes/route.ts';
import { ROUTES } from '../../emulator/http/routes.ts';
import type { Emulator } from '../../emulator/server.ts';
import { type RawAnswer, type RawOptions, raw } from './raw.ts';
import { type Names, OPERATIONS, type Operation, startSmallWorld, targetOf } from './small-world.ts';

const taking = (place: 'query' | 'headers', name: string) =>
  OPERATIONS.filter((operation) => operation[place].includes(name));

/** Of operations that the conditions are tried on: a body that would be taken. */
const BODIES: Readonly<Record<string, object>> = {
  JobSchedule_Patch: { metadata: [] },
  JobSchedule_Update: { schedule: {}, jobSpecification: { poolInfo: { poolId: 'p' } } },
  Job_Disable: { disableTasks: 'requeue' },
  Job_Patch: { priority: 7 },
  Job_Update: { poolInfo: { poolId: 'p' } },
  Pool_EnableAutoScale: { autoScaleFormula: '$TargetDedicatedNodes = 1;' },
  Pool_Patch: { metadata: [] },
  Pool_Resize: { targetDedicatedNodes: 2 },
  Task_Update: { constraints: { maxTaskRetryCount: 1 } },
};

/** Of lists with something in them: a filter that lets all of it through, and one that lets nothing. */
const FILTERS: Readonly<Record<string, readonly [all: string, none: string]>> = {
  Account_ListPoolNodeCounts: ["poolId eq 'p'", "poolId eq 'none'"],
  Account_ListSupportedImages: ["verificationType eq 'verified'", "osType eq 'none'"],
  Certificate_List: ["state eq 'active'", "state eq 'deleting'"],
  ComputeNode_List: ["state eq 'idle'", "state eq 'offline'"],
  File_ListFromComputeNode: ["startswith(name,'')", "startswith(name,'none')"],
  File_ListFromTask: ["startswith(name,'std')", "startswith(name,'none')"],
  JobSchedule_List: ["startswith(id,'s')", "id eq 'none'"],
  Job_List: ["state eq 'active'", "id eq 'none'"],
  Job_ListFromJobSchedule: ["state eq 'active'", "state eq 'completed'"],
  Job_ListPreparationAndReleaseTaskStatus: [
    "poolId eq 'none' or jobPreparationTaskExecutionInfo/state eq 'completed'",
    "poolId eq 'none'",
  ],
  Pool_List: ["startswith(id,'p') or id eq 'q'", "id eq 'none'"],
  Pool_ListUsageMetrics: ["poolId eq 'p'", "poolId eq 'none'"],
  Task_List: ["startswith(id,'t')", "id eq 'none'"],
};

describe('parameters of operations', () => {
  let emulator: Emulator;
  let names: Names;

  beforeAll(async () => {
    ({ emulator, names } = await startSmallWorld());
  });
  afterAll(() => emulator.close());

  function ask({ id, method, path }: Operation, query = '', options: RawOptions = {}) {
    const target = targetOf({ id, path }, names);
    const body = BODIES[id] ?? (id === 'Pool_RemoveNodes' ? { nodeList: [names.nodeId] } : undefined);
    return raw(emulator, method, target + (query === '' ? '' : `?${query}`), {
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      ...options,
    });
  }

  it.each(OPERATIONS)('$id takes those that the description names, and no others', async (operation) => {
    const route = (ROUTES as readonly Route[]).find(({ id }) => id === operation.id);
    const own = operation.query.filter((name) => name !== 'api-version' && name !== 'timeout');
    expect([...(route?.query ?? [])].toSorted()).toEqual(own.toSorted());
    const isConditional = operation.headers.includes('If-Modified-Since');
    expect(route?.conditional ?? false).toBe(isConditional);
    const unknown = await ask(operation, 'nonsense=1');
    expect([unknown.status, unknown.json.code]).toEqual(refused(operation, 'UnsupportedQueryParameter'));
  });

  it.each(taking('query', 'timeout'))('$id refuses a timeout that is none', async (operation) => {
    const { status, json } = await ask(operation, 'timeout=0');
    expect([status, json.code]).toEqual(refused(operation, 'InvalidQueryParameterValue'));
  });

  it.each(taking('headers', 'client-request-id'))(
    '$id gives the id back, if that is wanted',
    async (operation) => {
      // A request that is refused, so that nothing is changed: the id comes back all the same.
      const id = '9c4d50ee-2d56-4cd3-8152-34347dc9f2b0';
      const headers = { 'client-request-id': id };
      const wanted = await ask(operation, 'timeout=0', {
        headers: { ...headers, 'return-client-request-id': 'True' },
      });
      expect(wanted.headers['client-request-id']).toBe(id);
      expect((await ask(operation, 'timeout=0', { headers })).headers).not.toHaveProperty(
        'client-request-id',
      );
    },
  );

  it.each(taking('headers', 'ocp-date'))(
    '$id counts the date as the time of the request',
    async (operation) => {
      const { status, json } = await ask(operation, '', { date: new Date(Date.now() - 3_600_000) });
      expect([status, json.code]).toEqual(refused(operation, 'AuthenticationFailed', 403));
    },
  );

  it.each(taking('headers', 'If-Match'))('$id goes by an ETag', async (operation) => {
    const of = (path: string) => path.replace(/\{(\w+)\}/g, (_, name: string) => names[name] ?? '');
    const entity = /^\/\w+\/\{\w+\}(\/tasks\/\{\w+\})?/.exec(operation.path)?.[0] ?? '';
    const { headers } = await raw(emulator, 'GET', of(entity));
    const other = await ask(operation, '', { headers: { 'if-match': '0x0' } });
    expect([other.status, other.json.code]).toEqual(refused(operation, 'ConditionNotMet', 412));
    const same = await ask(operation, '', { headers: { 'if-none-match': String(headers.etag) } });
    expect([same.status, same.json.code]).toEqual(notMet(operation));
  });

  it.each(taking('headers', 'If-Modified-Since'))('$id goes by times', async (operation) => {
    const future = new Date(Date.now() + 60_000).toUTCString();
    const past = new Date(0).toUTCString();
    const since = await ask(operation, '', { headers: { 'if-modified-since': future } });
    expect([since.status, since.json.code]).toEqual(notMet(operation));
    const unmodified = await ask(operation, '', { headers: { 'if-unmodified-since': past } });
    expect([unmodified.status, unmodified.json.code]).toEqual(refused(operation, 'ConditionNotMet', 412));
    const wrong = await ask(operation, '', { headers: { 'if-modified-since': 'yesterday' } });
    expect([wrong.status, wrong.json.code]).toEqual(refused(operation, 'InvalidHeaderValue'));
  });

  it.each(taking('headers', 'ocp-range'))('$id gives a part of a file', async (operation) => {
    const whole = await ask(operation);
    expect([whole.status, whole.text]).toEqual([200, 'out\n']);
    const part = await ask(operation, '', { headers: { 'ocp-range': 'bytes=1-2' } });
    expect([part.status, part.text]).toEqual([200, 'ut']);
    const none = await ask(operation, '', { headers: { 'ocp-range': 'bytes=1000000-' } });
    expect([none.status, none.json.code]).toEqual([416, 'InvalidRange']);
  });

  it.each(taking('query', 'maxresults'))('$id gives as many as are wanted', async (operation) => {
    for (const count of ['0', '1001', 'x']) {
      const { status, json } = await ask(operation, `maxresults=${count}`);
      expect([status, json.code]).toEqual([400, 'InvalidQueryParameterValue']);
    }
    // What a pool has used grows meanwhile.
    const steady = ({ json }: RawAnswer) =>
      (json.value as Record<string, unknown>[]).map(({ totalCoreHours: _, ...row }) => row);
    const all = await ask(operation);
    const [first] = steady(all);
    expect(first).toBeDefined();
    const one = await ask(operation, 'maxresults=1');
    expect(steady(one)).toEqual([first]);
    const isMore = (all.json.value as unknown[]).length > 1;
    expect(typeof one.json['odata.nextLink']).toBe(isMore ? 'string' : 'undefined');
  });

  it.each(taking('query', '$select'))('$id gives what is selected', async (operation) => {
    const wrong = await ask(operation, '$select=nonsense');
    expect([wrong.status, wrong.json.code]).toEqual([400, 'InvalidQueryParameterValue']);
    const { json } = await ask(operation);
    const entity = (Array.isArray(json.value) ? json.value[0] : json) as Record<string, unknown> | undefined;
    const [property = 'id'] = Object.keys(entity ?? {}).filter((name) => !name.startsWith('odata'));
    const selected = await ask(operation, `$select=${property}`);
    const rows = Array.isArray(selected.json.value) ? selected.json.value : [selected.json];
    for (const row of rows as Record<string, unknown>[]) {
      expect(Object.keys(row).filter((name) => !name.startsWith('odata'))).toEqual([property]);
    }
  });

  it.each(taking('query', '$expand'))('$id gives statistics, if they are wanted', async (operation) => {
    const wrong = await ask(operation, '$expand=nonsense');
    expect([wrong.status, wrong.json.code]).toEqual([400, 'InvalidQueryParameterValue']);
    const [without, withStats] = [await ask(operation), await ask(operation, '$expand=stats')];
    expect([without.status, withStats.status]).toEqual([200, 200]);
    expect(without.text).not.toContain('"stats":');
    expect(withStats.text).toContain('"stats":');
  });

  it.each(taking('query', '$filter'))('$id lets through what is filtered for', async (operation) => {
    const filtered = (filter: string) => ask(operation, `$filter=${encodeURIComponent(filter)}`);
    for (const filter of ['id eq', "nonsense eq 'x'"]) {
      const { status, json } = await filtered(filter);
      expect([status, json.code]).toEqual([400, 'InvalidQueryParameterValue']);
    }
    const [all = '', none = ''] = FILTERS[operation.id] ?? [];
    expect((await filtered(all)).json.value).not.toEqual([]);
    expect((await filtered(none)).json.value).toEqual([]);
  });

  it('files are listed with what is in directories only if that is wanted', async () => {
    for (const operation of taking('query', 'recursive').filter(({ method }) => method === 'GET')) {
      const namesOf = async (query: string) =>
        ((await ask(operation, query)).json.value as { name: string }[]).map(({ name }) => name);
      const [near, far] = [await namesOf(''), await namesOf('recursive=true')];
      expect(near.some((name) => name.includes('/'))).toBe(false);
      expect(far).toEqual(expect.arrayContaining(near));
      expect((await ask(operation, 'recursive=perhaps')).json.code).toBe('InvalidQueryParameterValue');
    }
  });

  it('usage is told from one time to another', async () => {
    const [operation] = taking('query', 'starttime');
    if (operation === undefined) throw new Error('there is no such operation');
    const [from, to] = [new Date(Date.now() - 3_600_000), new Date()].map((time) => time.toISOString());
    expect((await ask(operation, `starttime=${from}&endtime=${to}`)).json.value).not.toEqual([]);
    expect((await ask(operation, `starttime=${to}&endtime=${from}`)).status).toBe(400);
    for (const name of ['starttime', 'endtime']) {
      expect((await ask(operation, `${name}=soon`)).json.code).toBe('InvalidQueryParameterValue');
    }
  });
});

/** What a refusal looks like: one of HEAD is its status alone. */
function refused({ method }: Operation, code: string, status = 400) {
  return [status, method === 'HEAD' ? undefined : code];
}

/** What a look at something that is as it was comes to, and a change of something that is not as it should be. */
function notMet(operation: Operation) {
  const { method } = operation;
  return method === 'GET' || method === 'HEAD'
    ? [304, undefined]
    : refused(operation, 'ConditionNotMet', 412);
}
