import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Route } from '../../emulator/http/routes/route.ts';
import { ROUTES } from '../../emulator/http/routes.ts';
import type { Emulator } from '../../emulator/server.ts';
import { raw } from './raw.ts';
import { type Names, OPERATIONS, startSmallWorld, targetOf } from './small-world.ts';

interface Property {
  readonly ref?: string;
  readonly type?: string;
  readonly format?: string;
  readonly enum?: readonly string[];
  readonly item?: Property;
}

interface Definition {
  readonly properties?: Readonly<Record<string, Property>>;
  readonly required?: readonly string[];
  readonly enum?: readonly string[];
}

const SCHEMA = JSON.parse(
  readFileSync(join(import.meta.dirname, '../../emulator/schema/schema.generated.json'), 'utf8'),
) as Readonly<Record<string, Definition>>;

/** How a value differs from what the service's description says of it. */
function differences(name: string, value: unknown, where = name): string[] {
  const { properties = {}, required = [], enum: values } = SCHEMA[name] ?? {};
  if (values !== undefined) return among(values, value, where);
  if (typeof value !== 'object' || value === null) return [`${where} is no ${name}`];
  const absent = required.filter((each) => !(each in value)).map((each) => `${where} has no ${each}`);
  // Of what OData adds the description knows little.
  const members = Object.entries(value).filter(([key]) => !key.includes('odata.'));
  return [
    ...absent,
    ...members.flatMap(([key, member]) => {
      const property = properties[key];
      return property === undefined
        ? [`${where}/${key} is not described`]
        : ofProperty(property, member, `${where}/${key}`);
    }),
  ];
}

function ofProperty(
  { ref, type, format, enum: values, item }: Property,
  value: unknown,
  where: string,
): string[] {
  if (ref !== undefined) return differences(ref, value, where);
  if (values !== undefined) return among(values, value, where);
  if (type === 'array') {
    if (!Array.isArray(value) || item === undefined) return [`${where} is no list`];
    return value.flatMap((each, index) => ofProperty(item, each, `${where}/${index}`));
  }
  // Numbers of 64 bits come as text, as OData writes them.
  const wanted =
    type === 'integer' ? (format === 'int64' ? /^(number|string)$/ : /^number$/) : new RegExp(`^${type}$`);
  if (!wanted.test(typeof value)) return [`${where} is no ${type} but ${JSON.stringify(value)}`];
  if (format === 'date-time' && !/^\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(String(value)))
    return [`${where} is no time`];
  if (format === 'duration' && !/^P[\dDT]/.test(String(value))) return [`${where} is no duration`];
  return [];
}

/** The service writes some of its words with capitals, and some without. */
function among(values: readonly string[], value: unknown, where: string): string[] {
  const isOne = values.some((each) => each.toLowerCase() === String(value).toLowerCase());
  return isOne ? [] : [`${where} is none of ${values} but ${value}`];
}

/** Questions that are asked with a body. */
const BODIES: Readonly<Record<string, object>> = {
  Task_AddCollection: {
    value: [
      { id: 'more', commandLine: 'true' },
      { id: 't', commandLine: 'true' },
    ],
  },
  Pool_EvaluateAutoScale: { autoScaleFormula: '$TargetDedicatedNodes = 1;' },
  ComputeNode_UploadBatchServiceLogs: {
    containerUrl: 'http://127.0.0.1:1/container?sig=none',
    startTime: '2026-01-01T00:00:00Z',
  },
};

/** Where the service itself, as it was recorded, does not keep to its description. */
const AS_RECORDED = /^NodeVMExtension\w*\/(value\/\d+\/)?instanceView\/statuses\/0\/level is none of /;

const EXPANDING = '$expand=stats';

describe('answers', () => {
  let emulator: Emulator;
  let names: Names;

  beforeAll(async () => {
    ({ emulator, names } = await startSmallWorld());
  });
  afterAll(() => emulator.close());

  it.each(OPERATIONS)('$id has a status that is described', ({ id, success }) => {
    const route = (ROUTES as readonly Route[]).find((each) => each.id === id);
    expect(success).toContain(route?.success);
  });

  it.each(OPERATIONS.filter(({ answer }) => answer !== undefined))(
    '$id answers as is described',
    async (operation) => {
      const { id, method, answer = '', query } = operation;
      const own = { Pool_EvaluateAutoScale: { poolId: 'scaled' }, Task_ListSubtasks: { taskId: 'twice' } };
      const meant: Names = { ...names, ...own[id as keyof typeof own] };
      const body = BODIES[id];
      const options = body === undefined ? {} : { body: JSON.stringify(body) };
      for (const how of query.includes('$expand') ? ['', `?${EXPANDING}`] : ['']) {
        const { status, json } = await raw(emulator, method, targetOf(operation, meant) + how, options);
        const unexpected = differences(answer, json).filter((each) => !AS_RECORDED.test(each));
        expect([status, unexpected]).toEqual([200, []]);
        if ('value' in json) expect(json.value).not.toEqual([]);
      }
    },
  );
});
