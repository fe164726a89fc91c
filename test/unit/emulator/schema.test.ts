import { describe, expect, it } from 'vitest';
import { canonicalBody, hasProperty, validateBody, validateId } from '../../../emulator/schema/index.ts';

const pool = { id: 'p', vmSize: 'standard_a1_v2' };
const task = { id: 't', commandLine: 'true' };
const property = (name: string) => expect.arrayContaining([{ key: 'PropertyName', value: name }]);

describe('validateBody', () => {
  it('accepts full bodies as the clients send them', () => {
    expect(
      validateBody('PoolAddParameter', {
        'odata.metadata': 'x',
        ...pool,
        displayName: null,
        targetDedicatedNodes: 3,
        resizeTimeout: 'PT15M',
        virtualMachineConfiguration: {
          imageReference: { publisher: 'canonical', offer: 'ubuntuserver', sku: '16.04-LTS' },
          nodeAgentSKUId: 'batch.node.ubuntu 16.04',
          extensions: [{ name: 'e', publisher: 'p', type: 't', settings: { any: [1, { thing: null }] } }],
        },
        taskSchedulingPolicy: { nodeFillType: 'Spread' },
        startTask: {
          commandLine: 'true',
          userIdentity: { autoUser: { scope: 'Pool', elevationLevel: 'NonAdmin' } },
        },
        metadata: [{ name: 'a', value: 'b' }],
      }),
    ).toBeUndefined();
    expect(
      validateBody('TaskAddParameter', {
        ...task,
        constraints: {
          maxWallClockTime: 'P10675199DT2H48M5.4775807S',
          retentionTime: 'P7D',
          maxTaskRetryCount: -1,
        },
        dependsOn: { taskIds: ['a'], taskIdRanges: [{ start: 1, end: 5 }] },
      }),
    ).toBeUndefined();
    expect(
      validateBody('JobScheduleAddParameter', {
        id: 's',
        schedule: { doNotRunUntil: '2022-11-29T22:17:28.8941612Z', recurrenceInterval: 'P1D' },
        jobSpecification: { poolInfo: { poolId: 'p' }, onAllTasksComplete: 'terminateJob' },
      }),
    ).toBeUndefined();
  });

  it('accepts 64-bit integers as strings and as numbers, and nothing beyond their range', () => {
    const statistics = (readIOps: unknown) => {
      const times = { url: 'u', startTime: '2022-01-01T00:00:00Z', lastUpdateTime: '2022-01-01T00:00:00Z' };
      const spans = { userCPUTime: 'PT1S', kernelCPUTime: 'PT1S', wallClockTime: 'PT1S', waitTime: 'PT1S' };
      return validateBody('TaskStatistics', {
        ...times,
        ...spans,
        readIOps,
        writeIOps: '0',
        readIOGiB: 0.5,
        writeIOGiB: 0,
      });
    };
    expect(statistics('9223372036854775807')).toBeUndefined();
    expect(statistics(7)).toBeUndefined();
    for (const bad of ['9223372036854775808', '1.5', '', 1.5, true]) {
      expect(statistics(bad)).toMatchObject({ code: 'InvalidPropertyValue', values: property('readIOps') });
    }
  });

  it('misses required members, at any depth, also when they are null', () => {
    expect(validateBody('PoolAddParameter', { id: 'p' })).toEqual({
      code: 'MissingRequiredProperty',
      values: [{ key: 'PropertyName', value: 'vmSize' }],
    });
    expect(validateBody('PoolAddParameter', { ...pool, vmSize: null })).toMatchObject({
      values: property('vmSize'),
    });
    expect(validateBody('PoolAddParameter', { ...pool, metadata: [{ name: 'a' }] })).toMatchObject({
      code: 'MissingRequiredProperty',
      values: property('value'),
    });
  });

  it('refuses unknown members, at any depth', () => {
    expect(validateBody('TaskAddParameter', { ...task, Id: 'x' })).toMatchObject({
      code: 'UnsupportedProperty',
      values: property('Id'),
    });
    expect(validateBody('TaskAddParameter', { ...task, constraints: { toString: 1 } })).toMatchObject({
      code: 'UnsupportedProperty',
      values: property('toString'),
    });
  });

  it.each([
    ['TaskAddParameter', { ...task, requiredSlots: '1' }, 'requiredSlots'],
    ['TaskAddParameter', { ...task, requiredSlots: 1.5 }, 'requiredSlots'],
    ['TaskAddParameter', { ...task, requiredSlots: 2 ** 31 }, 'requiredSlots'],
    ['TaskAddParameter', { ...task, commandLine: 5 }, 'commandLine'],
    ['TaskAddParameter', { ...task, constraints: { retentionTime: '7 days' } }, 'retentionTime'],
    ['PoolAddParameter', { ...pool, enableAutoScale: 'true' }, 'enableAutoScale'],
    ['PoolAddParameter', { ...pool, taskSchedulingPolicy: { nodeFillType: 'random' } }, 'nodeFillType'],
    ['PoolAddParameter', { ...pool, targetNodeCommunicationMode: 'loud' }, 'targetNodeCommunicationMode'],
    ['JobSchedulePatchParameter', { schedule: { doNotRunUntil: 'tomorrow' } }, 'doNotRunUntil'],
    ['NodeRemoveParameter', { nodeList: Array(101).fill('n') }, 'nodeList'],
    ['NodeRemoveParameter', { nodeList: ['n', 5] }, 'nodeList'],
  ])('refuses a wrong value in %s %j', (definition, body, name) => {
    const fault = validateBody(definition, body);
    expect(fault).toMatchObject({ code: 'InvalidPropertyValue', values: property(name) });
    expect(fault?.values.map(({ key }) => key)).toEqual(['PropertyName', 'PropertyValue', 'Reason']);
  });

  it.each([null, undefined, 'text', 5, []])('refuses the body %j', (body) => {
    expect(validateBody('TaskAddParameter', body)?.code).toBe('InvalidRequestBody');
  });

  it('refuses a scalar where an object or a list belongs', () => {
    expect(validateBody('TaskAddParameter', { ...task, constraints: 5 })?.code).toBe('InvalidRequestBody');
    expect(validateBody('TaskAddParameter', { ...task, resourceFiles: {} })?.code).toBe('InvalidRequestBody');
    expect(validateBody('TaskAddParameter', { ...task, resourceFiles: [1] })?.code).toBe(
      'InvalidRequestBody',
    );
  });

  it('knows no other definitions', () => {
    expect(() => validateBody('Nonsense', {})).toThrow(RangeError);
  });
});

describe('canonicalBody', () => {
  it('spells enumerations and durations as the service and drops nulls and annotations', () => {
    expect(
      canonicalBody('PoolAddParameter', {
        ...pool,
        'odata.type': 'x',
        displayName: null,
        resizeTimeout: 'PT90M',
        taskSchedulingPolicy: { nodeFillType: 'pack' },
        startTask: { commandLine: 'true', userIdentity: { autoUser: { scope: 'Pool' } } },
        userAccounts: [{ name: 'u', password: 'p', elevationLevel: 'Admin' }],
        virtualMachineConfiguration: { extensions: [{ settings: { a: null } }] },
      }),
    ).toEqual({
      ...pool,
      resizeTimeout: 'PT1H30M',
      taskSchedulingPolicy: { nodeFillType: 'Pack' },
      startTask: { commandLine: 'true', userIdentity: { autoUser: { scope: 'pool' } } },
      userAccounts: [{ name: 'u', password: 'p', elevationLevel: 'admin' }],
      virtualMachineConfiguration: { extensions: [{ settings: { a: null } }] },
    });
    expect(canonicalBody('TaskStatistics', { readIOps: 5 })).toEqual({ readIOps: '5' });
  });
});

describe('validateId', () => {
  it('takes 1 to 64 letters, digits, hyphens and underscores', () => {
    for (const id of ['a', 'A-b_9', 'x'.repeat(64)]) expect(validateId(id)).toBe(true);
    for (const id of ['', 'x'.repeat(65), 'a b', 'a:b', 'a/b', 'é', 'a\n', 5, undefined])
      expect(validateId(id)).toBe(false);
  });
});

describe('hasProperty', () => {
  it('follows paths through objects and lists', () => {
    expect(hasProperty('CloudTask', ['id'])).toBe(true);
    expect(hasProperty('CloudTask', ['executionInfo', 'exitCode'])).toBe(true);
    expect(hasProperty('CloudPool', ['metadata', 'name'])).toBe(true);
    expect(hasProperty('CloudTask', ['executionInfo', 'nothing'])).toBe(false);
    expect(hasProperty('CloudTask', ['id', 'x'])).toBe(false);
    expect(hasProperty('CloudTask', [])).toBe(false);
  });
});
