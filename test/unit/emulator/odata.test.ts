import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  checkFilter,
  compileFilter,
  FILTERABLE,
  type FilterableList,
  type FilterNode,
  ODataSyntaxError,
  parseFilter,
  parseSelect,
  parseTicks,
  project,
  requiredEquality,
  requiredRange,
} from '../../../emulator/odata/index.ts';

const matches = (filter: string, entity: unknown) => compileFilter(parseFilter(filter))(entity);
const refusal = (work: () => unknown) => {
  try {
    work();
  } catch (error) {
    return error;
  }
  return undefined;
};

describe('parseFilter', () => {
  it('binds and tighter than or, and parentheses tightest', () => {
    const entity = (a: number, b: number, c: number) => ({ a, b, c });
    expect(matches('a eq 1 or b eq 1 and c eq 1', entity(1, 0, 0))).toBe(true);
    expect(matches('(a eq 1 or b eq 1) and c eq 1', entity(1, 0, 0))).toBe(false);
  });

  it('reads doubled quotes, negative numbers and date-times of either case', () => {
    expect(parseFilter("id eq 'it''s'")).toMatchObject({ literal: { value: "it's" } });
    expect(parseFilter('exitCode ge -1')).toMatchObject({ literal: { value: -1 } });
    const upper = parseFilter("t ge DateTime'2011-05-08T08:49:37Z'");
    expect(parseFilter("t ge datetime'2011-05-08T08:49:37Z'")).toEqual(upper);
  });

  it.each([
    ['', 0],
    ['id', 2],
    ['id eq', 5],
    ["id eq 'open", 6],
    ['id = 1', 3],
    ["id EQ 'a'", 3],
    ["id eq 'a' AND state eq 'b'", 10],
    ["(id eq 'a'", 10],
    ["id eq 'a')", 9],
    ["endswith(id,'a')", 0],
    ['startswith(id)', 13],
    ["startswith('a',id)", 11],
    ["t ge DateTime'yesterday'", 5],
    ["t ge guid'1'", 5],
    ["not (id eq 'a')", 0],
    ['id eq 1x', 6],
    ['id eq other', 6],
  ])('refuses %j at position %d', (text, position) => {
    const error = refusal(() => parseFilter(text));
    expect(error).toBeInstanceOf(ODataSyntaxError);
    expect(error).toMatchObject({ position });
  });

  it('refuses nesting and length beyond its bounds', () => {
    const nested = `${'('.repeat(5000)}id eq 'a'${')'.repeat(5000)}`;
    expect(refusal(() => parseFilter(nested))).toBeInstanceOf(ODataSyntaxError);
    expect(refusal(() => parseFilter(`id eq '${'a'.repeat(20_000)}'`))).toBeInstanceOf(ODataSyntaxError);
    const flat = Array(900).fill("id eq 'a'").join(' or ');
    expect(matches(flat, { id: 'a' })).toBe(true);
  });
});

describe('properties of filters', () => {
  const path = fc
    .array(fc.stringMatching(/^[A-Za-z_]\w{0,8}$/), { minLength: 1, maxLength: 3 })
    .map((s) => s.join('/'));
  const literal = fc.oneof(
    fc.string().map((value) => ({ type: 'string' as const, value })),
    fc.integer().map((value) => ({ type: 'number' as const, value })),
    fc.boolean().map((value) => ({ type: 'boolean' as const, value })),
    fc
      .date({
        min: new Date('0001-01-01T00:00:00Z'),
        max: new Date('9999-12-31T00:00:00Z'),
        noInvalidDate: true,
      })
      .map((date) => ({ type: 'dateTime' as const, value: parseTicks(date.toISOString()) ?? 0n })),
  );
  const operator = fc.constantFrom('eq', 'ne', 'gt', 'ge', 'lt', 'le');
  const leaf = fc.oneof(
    fc.record({ kind: fc.constant('compare'), property: path, operator, literal, position: fc.constant(0) }),
    fc.record({
      kind: fc.constant('startswith'),
      property: path,
      prefix: fc.string(),
      position: fc.constant(0),
    }),
  );
  const { node } = fc.letrec<{ node: unknown; group: unknown }>((tie) => ({
    node: fc.oneof({ depthSize: 'small', withCrossShrink: true }, leaf, tie('group')),
    group: fc.record({
      kind: fc.constantFrom('and', 'or'),
      operands: fc.array(tie('node'), { minLength: 2, maxLength: 4 }),
    }),
  }));
  const normal = (each: FilterNode): FilterNode => {
    if (each.kind === 'compare' || each.kind === 'startswith') return each;
    const operands = each.operands.map(normal);
    return { kind: each.kind, operands: operands.flatMap((o) => (o.kind === each.kind ? o.operands : [o])) };
  };
  const quote = (text: string) => `'${text.replaceAll("'", "''")}'`;
  const print = (each: FilterNode): string => {
    if (each.kind === 'startswith') return `startswith(${each.property},${quote(each.prefix)})`;
    if (each.kind !== 'compare') return `(${each.operands.map(print).join(` ${each.kind} `)})`;
    return `${each.property} ${each.operator} ${printLiteral(each.literal)}`;
  };
  const printLiteral = (each: Extract<FilterNode, { kind: 'compare' }>['literal']): string => {
    if (each.type === 'string') return quote(each.value);
    if (each.type !== 'dateTime') return String(each.value);
    const milliseconds = Number((each.value - 621_355_968_000_000_000n) / 10_000n);
    return `DateTime'${new Date(milliseconds).toISOString()}'`;
  };
  const withoutPositions = (each: FilterNode) =>
    JSON.parse(
      JSON.stringify(each, (key, value) =>
        key === 'position' ? 0 : typeof value === 'bigint' ? `${value}` : value,
      ),
    );

  it('reads back every filter that can be printed', () => {
    fc.assert(
      fc.property(node, (generated) => {
        const filter = normal(generated as FilterNode);
        expect(withoutPositions(parseFilter(print(filter)))).toEqual(withoutPositions(filter));
      }),
    );
  });

  it('throws nothing but its own error, whatever it is given', () => {
    const piece = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom(
        ' eq ',
        ' and ',
        ' or ',
        '(',
        ')',
        "'",
        "''",
        ',',
        'startswith(',
        "DateTime'",
        '1',
        '-',
        'id',
        '/',
        'true',
      ),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 40 }), fc.anything(), (pieces, entity) => {
        const error = refusal(() => compileFilter(parseFilter(pieces.join('')))(entity));
        expect(error === undefined || error instanceof ODataSyntaxError).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });
});

describe('compileFilter', () => {
  const task = {
    id: 'Task',
    state: 'completed',
    creationTime: '2022-11-29T22:17:28.8941612Z',
    executionInfo: { exitCode: 2, result: 'failure' },
  };

  it('compares enumerations without regard to case and other strings ordinally', () => {
    expect(matches("executionInfo/result eq 'Failure'", task)).toBe(true);
    expect(matches("startswith(state,'COMP')", task)).toBe(true);
    expect(matches("id eq 'task'", task)).toBe(false);
    expect(matches("id gt 'TASK' and id lt 'a'", task)).toBe(true);
    expect(matches("startswith(id,'t')", task)).toBe(false);
  });

  it('compares times to the last tick', () => {
    expect(matches("creationTime eq DateTime'2022-11-29T22:17:28.8941612Z'", task)).toBe(true);
    expect(matches("creationTime gt DateTime'2022-11-29T22:17:28.8941611Z'", task)).toBe(true);
    expect(matches("creationTime lt DateTime'2022-11-29T22:17:28.8941613Z'", task)).toBe(true);
    expect(matches("creationTime eq DateTime'2022-11-30T00:17:28.8941612+02:00'", task)).toBe(true);
  });

  it('lets an absent or null property match ne only', () => {
    for (const absent of [
      {},
      { executionInfo: {} },
      { executionInfo: { exitCode: null } },
      null,
      'text',
      5,
    ]) {
      for (const operator of ['eq', 'gt', 'ge', 'lt', 'le']) {
        expect(matches(`executionInfo/exitCode ${operator} 0`, absent)).toBe(false);
      }
      expect(matches('executionInfo/exitCode ne 0', absent)).toBe(true);
      expect(matches("startswith(id,'')", absent)).toBe(false);
    }
    expect(matches("constructor/name eq 'Object'", {})).toBe(false);
  });

  it('finds the time of modification under the filter’s own name for it', () => {
    expect(
      matches("lastModifiedTime ge DateTime'2022-01-01'", { lastModified: '2022-01-01T00:00:00Z' }),
    ).toBe(true);
  });

  it('compares numbers and booleans', () => {
    expect(matches('executionInfo/exitCode ge 2', task)).toBe(true);
    expect(matches('executionInfo/exitCode lt 2', task)).toBe(false);
    expect(matches('enableAutoScale eq true', { enableAutoScale: true })).toBe(true);
    expect(matches('enableAutoScale ne true', { enableAutoScale: false })).toBe(true);
  });
});

describe('checkFilter', () => {
  const check = (list: FilterableList, text: string) =>
    refusal(() => checkFilter(parseFilter(text), FILTERABLE[list]));

  it.each<[FilterableList, string]>([
    ['pools', "startswith(id,'a') and state eq 'active'"],
    ['nodes', "startTaskInfo/exitCode ne 0 or state eq 'idle'"],
    ['jobs', "executionInfo/poolId eq 'p' and state ne 'completed'"],
    ['tasks', "executionInfo/result eq 'failure' and stateTransitionTime ge DateTime'2022-01-01T00:00:00Z'"],
    ['files', "startswith(name,'wd/')"],
    ['supportedImages', "verificationType eq 'verified'"],
    ['jobPreparationAndReleaseStatus', "jobReleaseTaskExecutionInfo/state eq 'completed'"],
  ])('accepts for %s: %s', (list, text) => {
    expect(check(list, text)).toBeUndefined();
  });

  it.each<[FilterableList, string, string]>([
    ['tasks', "commandLine eq 'x'", "'commandLine'"],
    ['tasks', "Id eq 'x'", "'Id'"],
    ['tasks', "toString eq 'x'", "'toString'"],
    ['scheduleJobs', "id eq 'x'", "'id'"],
    ['pools', "state ne 'active'", "'ne'"],
    ['files', "name eq 'wd'", "'eq'"],
    ['tasks', "executionInfo/exitCode eq '1'", "'string'"],
    ['tasks', 'id eq 1', "'number'"],
    ['tasks', "creationTime gt '2022-01-01'", "'string'"],
    ['tasks', "id eq 'a' or (id eq 'b' and x eq 1)", "'x'"],
  ])('refuses for %s: %s', (list, text, part) => {
    const error = check(list, text);
    expect(error).toBeInstanceOf(ODataSyntaxError);
    expect((error as Error).message).toContain(part);
  });
});

describe('what a filter demands', () => {
  const equality = (text: string) => requiredEquality(parseFilter(text), 'state');
  const range = (text: string) => requiredRange(parseFilter(text), 'id');

  it('finds an equality that every match must have', () => {
    expect(equality("state eq 'active'")).toBe('active');
    expect(equality("id gt 'a' and (state eq 'active' and id lt 'b')")).toBe('active');
    expect(equality("state eq 'active' or id eq 'a'")).toBeUndefined();
    expect(equality("state ne 'active'")).toBeUndefined();
  });

  it('finds the bounds of a string', () => {
    expect(range("id ge 'b' and id gt 'c' and id le 'x' and id lt 'w'")).toEqual({ lower: 'c', upper: 'w' });
    expect(range("startswith(id,'task')")).toEqual({ lower: 'task' });
    expect(range("id eq 'a'")).toEqual({ lower: 'a', upper: 'a' });
    expect(range("id ge 'b' or id le 'x'")).toEqual({});
  });
});

describe('$select', () => {
  it('reads names and paths with any white space', () => {
    expect(parseSelect('id, state ,executionInfo/exitCode')).toEqual([
      ['id'],
      ['state'],
      ['executionInfo', 'exitCode'],
    ]);
  });

  it.each(['', ' ', 'id,', 'id,,state', 'id state', '/id', 'id/', 'a-b'])('refuses %j', (text) => {
    expect(refusal(() => parseSelect(text))).toBeInstanceOf(ODataSyntaxError);
  });

  it('keeps the chosen properties in the entity’s order', () => {
    const entity = {
      id: 'a',
      'stats@odata.navigationLinkUrl': 'u',
      stats: {},
      executionInfo: { exitCode: 1, result: 'failure' },
      list: [{ x: 1, y: 2 }, { x: 3 }],
    };
    expect(Object.keys(project(entity, parseSelect('executionInfo,id')) as object)).toEqual([
      'id',
      'executionInfo',
    ]);
    expect(project(entity, parseSelect('executionInfo/exitCode,absent'))).toEqual({
      executionInfo: { exitCode: 1 },
    });
    expect(project(entity, parseSelect('executionInfo/exitCode,executionInfo'))).toEqual({
      executionInfo: { exitCode: 1, result: 'failure' },
    });
    expect(project(entity, parseSelect('stats'))).toEqual({
      'stats@odata.navigationLinkUrl': 'u',
      stats: {},
    });
    expect(project(entity, parseSelect('list/x'))).toEqual({ list: [{ x: 1 }, { x: 3 }] });
  });
});

describe('parseTicks', () => {
  it('counts as .NET does', () => {
    expect(parseTicks('2022-11-30T00:41:12.8635629Z')).toBe(0x8dad26b94f308edn);
    expect(parseTicks('2022-11-30T00:41:12.86Z')).toBe(parseTicks('2022-11-30T00:41:12.8600000Z'));
    expect(parseTicks('2022-11-30')).toBe(parseTicks('2022-11-30T00:00:00Z'));
    expect(parseTicks('2022-13-30')).toBeUndefined();
    expect(parseTicks('soon')).toBeUndefined();
  });
});
