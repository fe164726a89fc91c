import { describe, expect, test } from 'vitest';
import { RESOURCES, resourceNamed } from '../../../src/resources/registry.ts';
import type { Entity, Form, FormValues } from '../../../src/resources/types.ts';

function formOf(resource: string): Form {
  const { form } = resourceNamed(resource);
  if (form === undefined) throw new Error(`${resource} have no form`);
  return form;
}

/** The values of a fresh form with some of them changed. */
function valuesOf(form: Form, changes: FormValues = {}): FormValues {
  const initial = form.fields({}).map((field) => [field.name, field.initial]);
  return { ...Object.fromEntries(initial), ...changes };
}

function problems(form: Form, changes: FormValues): Record<string, string | undefined> {
  const values = valuesOf(form, changes);
  const wrong = form.fields({}).map((field) => [field.name, field.check?.(values[field.name] ?? '', values)]);
  return Object.fromEntries(wrong.filter(([, problem]) => problem !== undefined));
}

const bodies = (form: Form, changes: FormValues): Entity[] => {
  const template = form.template(valuesOf(form, changes));
  return [...(form.expand?.(template) ?? [template])];
};

describe('every form', () => {
  const forms = RESOURCES.flatMap(({ name, form }) => (form === undefined ? [] : [[name, form] as const]));

  test.each(forms)('of %s has sensible defaults, and fields that can be told apart', (_, form) => {
    const fields = form.fields({ pool: 'mypool', job: 'myjob' });
    expect(new Set(fields.map((field) => field.name)).size).toBe(fields.length);
    for (const field of fields) {
      if (field.initial !== '')
        expect(field.check?.(field.initial, valuesOf(form)), field.name).toBeUndefined();
      if (field.kind === 'choice') expect(field.choices).toContain(field.initial);
      if (field.kind === 'reference') expect(() => resourceNamed(field.resource ?? '')).not.toThrow();
      expect(field.label.length, `${field.label} fits its column`).toBeLessThanOrEqual(14);
    }
  });
});

describe('the task form', () => {
  const form = formOf('tasks');

  test('makes one body of a single id, with braces left alone', () => {
    expect(bodies(form, { id: 'one', commandLine: "awk '{}'" })).toEqual([
      { id: 'one', commandLine: "awk '{}'" },
    ]);
    expect(form.count?.(form.template(valuesOf(form, { id: 'one' })))).toBe(1);
  });

  test('makes a body for each number of a range, with the number in place of {}', () => {
    const commandLine = 'echo {} of {}';
    expect(bodies(form, { id: 't{08..10}', commandLine })).toEqual([
      { id: 't08', commandLine: 'echo 08 of 08' },
      { id: 't09', commandLine: 'echo 09 of 09' },
      { id: 't10', commandLine: 'echo 10 of 10' },
    ]);
  });

  test('sends retries and slots only where they differ from what the service assumes', () => {
    expect(bodies(form, { id: 'a', commandLine: 'b', maxTaskRetryCount: '-1', requiredSlots: '2' })).toEqual([
      { id: 'a', commandLine: 'b', constraints: { maxTaskRetryCount: -1 }, requiredSlots: 2 },
    ]);
  });

  test('says what is wrong', () => {
    expect(
      problems(form, { id: 't{3..1}', commandLine: ' ', maxTaskRetryCount: '-2', requiredSlots: '0' }),
    ).toEqual({
      id: 'the range ends at 1, before 3',
      commandLine: 'a command line is needed',
      maxTaskRetryCount: 'a whole number up to 999999999, or -1',
      requiredSlots: 'a whole number from 1 to 999',
    });
    expect(form.check?.({ id: 't{1..', commandLine: 'x' })).toContain('range');
    expect(form.check?.({ commandLine: 'x' })).toBe('an id is needed');
  });

  test('expands a body that was edited with properties of its own', () => {
    const template = { id: 't{1..2}', commandLine: 'x {}', environmentSettings: [{ name: 'A', value: '1' }] };
    expect([...(form.expand?.(template) ?? [])]).toEqual([
      { ...template, id: 't1', commandLine: 'x 1' },
      { ...template, id: 't2', commandLine: 'x 2' },
    ]);
  });
});

describe('the pool form', () => {
  const form = formOf('pools');

  test('makes the body that the service takes', () => {
    expect(form.template(valuesOf(form, { targetLowPriorityNodes: '2', taskSlotsPerNode: '4' }))).toEqual({
      id: 'mypool',
      vmSize: 'Standard_A1_v2',
      virtualMachineConfiguration: {
        imageReference: {
          publisher: 'canonical',
          offer: '0001-com-ubuntu-server-jammy',
          sku: '22_04-lts',
          version: 'latest',
        },
        nodeAgentSKUId: 'batch.node.ubuntu 22.04',
      },
      targetDedicatedNodes: 3,
      targetLowPriorityNodes: 2,
      taskSlotsPerNode: 4,
    });
  });

  test('says what is wrong', () => {
    expect(
      Object.keys(
        problems(form, {
          id: 'a b',
          vmSize: 'big one',
          image: 'ubuntu',
          targetDedicatedNodes: '-1',
          targetLowPriorityNodes: 'x',
          taskSlotsPerNode: '257',
        }),
      ),
    ).toEqual([
      'id',
      'vmSize',
      'image',
      'targetDedicatedNodes',
      'targetLowPriorityNodes',
      'taskSlotsPerNode',
    ]);
  });
});

describe('the job form', () => {
  const form = formOf('jobs');

  test('takes the pool that it was opened in', () => {
    const pool = form.fields({ pool: 'mypool' }).find((field) => field.name === 'poolId');
    expect(pool?.initial).toBe('mypool');
  });

  test('makes the body that the service takes', () => {
    const values = valuesOf(form, { poolId: 'mypool', priority: '-5', usesTaskDependencies: 'yes' });
    expect(form.template(values)).toEqual({
      id: 'myjob',
      poolInfo: { poolId: 'mypool' },
      priority: -5,
      usesTaskDependencies: true,
    });
    expect(form.template(valuesOf(form, { poolId: 'p' }))).toEqual({
      id: 'myjob',
      poolInfo: { poolId: 'p' },
    });
  });

  test('says what is wrong', () => {
    expect(problems(form, { priority: '1001', poolId: '' })).toEqual({
      priority: 'from -1000 to 1000',
      poolId: 'a pool is needed: enter picks one',
    });
    expect(problems(form, { priority: '--1', poolId: 'p' })).toHaveProperty('priority');
  });
});
