import { checkIds, countIds, expandIds, parseRange } from './id-range.ts';
import { INPUT_FIELD, inputFiles, OUTPUT_FIELDS, outputFiles, renamed } from './task-files.ts';
import { PACKAGES_FIELD, packageReferences } from './task-packages.ts';
import type { Entity, Form } from './types.ts';

/** Adds one task, or a range of them with `{}` in the command line standing for the number. */
export const TASK_FORM: Form = {
  title: 'New task',
  fields: () => [
    {
      name: 'id',
      label: 'Id',
      kind: 'text',
      initial: 'mytask{1..10}',
      hint: 'one id, or a range like t{001..500}',
      check: checkIds,
    },
    {
      name: 'commandLine',
      label: 'Command line',
      kind: 'text',
      initial: "/bin/bash -c 'echo hello from task {}'",
      hint: '{} stands for the number; no shell is added',
      check: (value) => (value.trim() === '' ? 'a command line is needed' : undefined),
    },
    {
      name: 'maxTaskRetryCount',
      label: 'Retries',
      kind: 'integer',
      initial: '0',
      hint: '-1 retries without end',
      check: (value) => (/^(-1|\d{1,9})$/.test(value) ? undefined : 'a whole number up to 999999999, or -1'),
    },
    {
      name: 'requiredSlots',
      label: 'Slots',
      kind: 'integer',
      initial: '1',
      hint: 'task slots that it takes on a node',
      check: (value) => (/^[1-9]\d{0,2}$/.test(value) ? undefined : 'a whole number from 1 to 999'),
    },
    INPUT_FIELD,
    PACKAGES_FIELD,
    ...OUTPUT_FIELDS,
  ],
  template: (values) => {
    const slots = Number(values.requiredSlots ?? '1');
    const retries = Number(values.maxTaskRetryCount ?? '0');
    return {
      id: values.id,
      commandLine: values.commandLine,
      ...(retries === 0 ? {} : { constraints: { maxTaskRetryCount: retries } }),
      ...(slots === 1 ? {} : { requiredSlots: slots }),
      ...inputFiles(values),
      ...packageReferences(values),
      ...outputFiles(values),
    };
  },
  read: (body) => {
    const { id = '', commandLine = '', constraints, requiredSlots = 1 } = body as TaskBody;
    return {
      id,
      commandLine,
      maxTaskRetryCount: String(constraints?.maxTaskRetryCount ?? 0),
      requiredSlots: String(requiredSlots),
    };
  },
  // What a copy reads and writes stays unless something else is typed.
  decides: (values) => [
    ...['id', 'commandLine', 'constraints.maxTaskRetryCount', 'requiredSlots'],
    ...Object.keys({ ...inputFiles(values), ...packageReferences(values), ...outputFiles(values) }),
  ],
  count: (template) => countIds(idIn(template)),
  *expand(template) {
    const text = idIn(template);
    if (parseRange(text) === undefined) {
      yield template;
      return;
    }
    const { commandLine } = template as { commandLine?: unknown };
    for (const { id, number } of expandIds(text)) {
      const numbered = typeof commandLine === 'string' ? commandLine.replaceAll('{}', number) : commandLine;
      yield { ...renamed(template, text, id), id, commandLine: numbered };
    }
  },
  check: (template) => checkIds(idIn(template)),
};

function idIn(template: Entity): string {
  const { id } = template as { id?: unknown };
  return typeof id === 'string' ? id : String(id ?? '');
}

interface TaskBody {
  readonly id?: string;
  readonly commandLine?: string;
  readonly constraints?: { readonly maxTaskRetryCount?: number };
  readonly requiredSlots?: number;
}
