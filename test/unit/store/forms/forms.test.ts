import { describe, expect, test } from 'vitest';
import type { ManagementPort } from '../../../../src/api/port.ts';
import { CredentialError, ServiceError } from '../../../../src/lib/errors.ts';
import { startAction } from '../../../../src/store/actions/actions.ts';
import { EMPTY_FEED, topView } from '../../../../src/store/app-store.ts';
import type { BulkDialog, FormDialog } from '../../../../src/store/dialogs.ts';
import { openCreateForm } from '../../../../src/store/forms/create-form.ts';
import { readBody } from '../../../../src/store/forms/form-body.ts';
import { editBody, submitForm } from '../../../../src/store/forms/form-submit.ts';
import {
  cycleChoice,
  editField,
  fieldProblem,
  moveFocus,
  setFieldValue,
  shownFields,
  typeText,
} from '../../../../src/store/forms/forms.ts';
import {
  acceptPicker,
  closePicker,
  matchingChoices,
  movePicker,
  openPicker,
  typeInPicker,
} from '../../../../src/store/forms/pickers.ts';
import { feedKeyOf } from '../../../../src/store/keys-of.ts';
import type { ListView } from '../../../../src/store/state.ts';
import { listView } from '../../../../src/store/views.ts';
import { QUOTAS } from '../../../support/account-samples.ts';
import { IMAGES, POOLS } from '../../../support/samples.ts';
import { scriptedManagement } from '../../../support/scripted-management.ts';
import { page } from '../../../support/scripted-port.ts';
import { deferred, type StoreKitOptions, storeKit } from '../../../support/store-kit.ts';

/** A form that is open on a list. */
function form(resource: string, options: StoreKitOptions = {}) {
  const scope = resource === 'tasks' ? { job: 'myjob' } : {};
  const kit = storeKit({ ...options, view: listView(resource, scope) });
  openCreateForm(kit.services);
  const dialog = () => kit.store.getState().overlay as FormDialog;
  const retype = (name: string, text: string) => {
    const at = shownFields(dialog()).findIndex((field) => field.name === name);
    moveFocus(kit.services, at - dialog().focus);
    editField(kit.services, 'clear');
    typeText(kit.services, text);
  };
  const problem = (name: string) => {
    const field = dialog().fields.find((each) => each.name === name);
    return field === undefined ? undefined : fieldProblem(field, dialog().values);
  };
  return { ...kit, dialog, retype, problem };
}

const REFUSAL = new ServiceError({
  status: 400,
  code: 'InvalidPropertyValue',
  message: 'The value provided for one of the properties is invalid.',
  details: [{ key: 'PropertyName', value: 'vmSize' }],
});

describe('a form', () => {
  test('opens with what will usually do, at the end of its first field', () => {
    const { dialog } = form('pools');
    expect(dialog()).toMatchObject({ title: 'New pool', focus: 0, caret: 6, touched: new Set() });
    expect(dialog().values).toMatchObject({ id: 'mypool', targetDedicatedNodes: '3' });
  });

  test('says where nothing can be made', () => {
    const { store } = form('images');
    expect(store.getState().overlay).toBeUndefined();
    expect(store.getState().flash?.text).toBe('azb cannot make images here: they come from the service');
  });

  test('goes round through fields and buttons', () => {
    const { services, dialog } = form('tasks');
    const places = shownFields(dialog()).length + 3;
    moveFocus(services, -1);
    expect(dialog().focus).toBe(places - 1);
    moveFocus(services, 1);
    expect(dialog().focus).toBe(0);
  });

  test('checks what is typed as it is typed', () => {
    const { dialog, retype, problem } = form('tasks');
    retype('id', 't{5..1}');
    expect(problem('id')).toBe('the range ends at 1, before 5');
    expect(dialog().touched).toContain('id');
    retype('id', 't{1..5}');
    expect(problem('id')).toBeUndefined();
  });

  test('takes what is pasted as one line', () => {
    const { dialog, retype } = form('tasks');
    retype('commandLine', 'echo one\r\n\techo two\n');
    expect(dialog().values.commandLine).toBe('echo one echo two ');
  });

  test('a number that was only come to is replaced by what is typed, and appended to once it is edited', () => {
    const { services, dialog } = form('pools');
    const at = shownFields(dialog()).findIndex(({ name }) => name === 'targetDedicatedNodes');
    const nodes = () => dialog().values.targetDedicatedNodes;
    moveFocus(services, at);
    typeText(services, '8');
    expect(nodes()).toBe('8');
    typeText(services, '0');
    expect(nodes()).toBe('80');
    moveFocus(services, -1);
    moveFocus(services, 1);
    editField(services, 'end');
    typeText(services, '1');
    expect(nodes()).toBe('801');
    editField(services, 'erase');
    moveFocus(services, -1);
    moveFocus(services, 1);
    editField(services, 'erase');
    expect(nodes()).toBe('8');
    moveFocus(services, -1);
    moveFocus(services, 1);
    typeText(services, '5');
    expect(nodes()).toBe('5');
  });

  test('a text is appended to', () => {
    const { services, dialog } = form('pools');
    typeText(services, '2');
    expect(dialog().values.id).toBe('mypool2');
  });

  test('changes choices and flags both ways', () => {
    const { services, dialog } = form('jobs');
    const at = dialog().fields.findIndex((field) => field.name === 'usesTaskDependencies');
    moveFocus(services, at);
    cycleChoice(services, 1);
    expect(dialog().values.usesTaskDependencies).toBe('yes');
    cycleChoice(services, -1);
    expect(dialog().values.usesTaskDependencies).toBe('no');
    typeText(services, 'x');
    expect(dialog().values.usesTaskDependencies).toBe('no');
  });
});

describe('sending a form', () => {
  test('adds the body, closes, says so, and leads the cursor to it', async () => {
    const { services, port, store, retype, refreshes } = form('pools');
    retype('id', 'fresh');
    await submitForm(services);
    expect(port.asked('add')).toEqual([['pools', {}, expect.objectContaining({ id: 'fresh' })]]);
    expect(store.getState()).toMatchObject({ overlay: undefined, busy: 0 });
    expect(store.getState().flash?.text).toBe('pool fresh was created');
    expect((topView(store.getState()) as ListView).awaited).toMatchObject({ id: 'fresh' });
    expect(refreshes()).toBe(1);
  });

  test('forgets what an earlier one of the same id had in it', async () => {
    const { services, store, retype } = form('jobs');
    const keyOf = (job: string) => feedKeyOf(listView('tasks', { job }));
    store.setState(({ feeds }) => ({
      feeds: { ...feeds, [keyOf('again')]: EMPTY_FEED, [keyOf('other')]: EMPTY_FEED },
    }));
    retype('id', 'again');
    retype('poolId', 'mypool');
    await submitForm(services);
    expect(Object.keys(store.getState().feeds)).not.toContain(keyOf('again'));
    expect(Object.keys(store.getState().feeds)).toContain(keyOf('other'));
  });

  test('does not send what is wrong, and goes to it', async () => {
    const { services, port, dialog, retype } = form('jobs');
    retype('poolId', 'mypool');
    retype('priority', '5000');
    moveFocus(services, 1);
    await submitForm(services);
    expect(port.asked('add')).toEqual([]);
    expect(shownFields(dialog())[dialog().focus]?.name).toBe('priority');
    expect(dialog().caret).toBe(4);
    expect(dialog().touched.size).toBe(dialog().fields.length);
  });

  test('shows what the service said inside the form, with nothing lost', async () => {
    const { services, dialog, retype } = form('pools', { port: { add: () => Promise.reject(REFUSAL) } });
    retype('vmSize', 'huge');
    const { values } = dialog();
    await submitForm(services);
    expect(dialog()).toMatchObject({ kind: 'form', error: REFUSAL, sending: false, values });
    typeText(services, 'r');
    expect(dialog().error).toBeUndefined();
    expect(dialog().values.vmSize).toBe('huger');
  });

  test.each([
    ['was made after all', new Date().toISOString(), undefined],
    ['has been there for long', '2020-01-01T00:00:00Z', 500],
    ['is not there', undefined, 500],
  ])('after an error that leaves it in doubt, and of a job that %s', async (_name, creationTime, status) => {
    const broken = new ServiceError({ status: 500, code: 'InternalError', message: 'It broke.' });
    const get = async () => {
      if (creationTime === undefined) throw REFUSAL;
      return { id: 'new', creationTime };
    };
    const port = { add: () => Promise.reject(broken), get, now: () => Date.now() };
    const { services, store, retype } = form('jobs', { port });
    retype('id', 'new');
    retype('poolId', 'mypool');
    await submitForm(services);
    const { overlay, flash } = store.getState();
    expect((overlay as FormDialog | undefined)?.error).toBe(status === undefined ? undefined : broken);
    expect(flash?.text).toBe(status === undefined ? 'job new was created' : undefined);
  });

  test('is not sent twice', async () => {
    const answer = deferred<void>();
    const { services, port, dialog } = form('pools', { port: { add: () => answer.promise } });
    const first = submitForm(services);
    expect(dialog().sending).toBe(true);
    await submitForm(services);
    typeText(services, 'typed while it is sent');
    expect(dialog().values.id).toBe('mypool');
    answer.resolve();
    await first;
    expect(port.asked('add')).toHaveLength(1);
  });

  test('a range of tasks is added 100 a call, with the numbers in place', async () => {
    const { services, port, store, retype } = form('tasks');
    retype('id', 't{001..250}');
    retype('commandLine', 'echo {}');
    await submitForm(services);
    const calls = port.asked('addTasks').map(([, bodies]) => bodies as { id: string; commandLine: string }[]);
    expect(calls.map((bodies) => bodies.length)).toEqual([100, 100, 50]);
    expect(calls[2]?.[49]).toEqual({ id: 't250', commandLine: 'echo 250' });
    expect(store.getState().flash?.text).toBe('Adding 250 tasks: done');
    expect(store.getState()).toMatchObject({ overlay: undefined, busy: 0 });
  });

  test('a range in which some tasks fail says which, and why', async () => {
    const { services, store, retype } = form('tasks', {
      port: {
        addTasks: async (_job, bodies) =>
          bodies.map((body) => {
            const { id } = body as { id: string };
            return id === 't2'
              ? { id, ok: false, code: 'TaskExists', message: 'The task exists.', retryable: false }
              : { id, ok: true };
          }),
      },
    });
    retype('id', 't{1..3}');
    await submitForm(services);
    expect(store.getState().overlay as BulkDialog).toMatchObject({
      kind: 'bulk',
      state: 'ended',
      failures: [{ id: 't2', reason: 'The task exists. (TaskExists)' }],
    });
  });

  test('a range of which nothing was added comes back as a form, with the reason', async () => {
    const refused = new ServiceError({
      status: 404,
      code: 'JobNotFound',
      message: 'The specified job does not exist.',
    });
    const { services, dialog, retype } = form('tasks', { port: { addTasks: () => Promise.reject(refused) } });
    retype('id', 't{1..150}');
    await submitForm(services);
    expect(dialog()).toMatchObject({ kind: 'form', sending: false, values: { id: 't{1..150}' } });
    expect(dialog().error?.message).toContain(
      'none of the 150 tasks was added: The specified job does not exist.',
    );
  });

  test('the values of an action become its arguments, numbers as numbers', async () => {
    const view = listView('pools', {});
    const kit = storeKit({ view: { ...view, cursor: 'mypool' } });
    kit.store.setState({ feeds: { [feedKeyOf(view)]: { ...EMPTY_FEED, rows: POOLS, updatedAt: 0 } } });
    startAction(kit.services, 'resize');
    setFieldValue(kit.services, 'targetDedicatedNodes', '7');
    await submitForm(kit.services);
    expect(kit.port.asked('act')).toEqual([
      [
        {
          resource: 'pools',
          action: 'resize',
          scope: {},
          id: 'mypool',
          args: { targetDedicatedNodes: 7, targetLowPriorityNodes: 0, nodeDeallocationOption: 'requeue' },
        },
      ],
    ]);
  });
});

describe('the whole body in $EDITOR', () => {
  test('is what the fields say, and what is saved is what is sent', async () => {
    const texts: string[] = [];
    const { services, port, dialog } = form('pools', {
      edit: (text) => {
        texts.push(text);
        return `${text}metadata:\n  - { name: owner, value: me }\n`;
      },
    });
    editBody(services);
    expect(texts[0]).toContain('nodeAgentSKUId: batch.node.ubuntu 22.04');
    expect(dialog().error).toBeUndefined();
    await submitForm(services);
    expect(port.asked('add')[0]?.[2]).toMatchObject({
      id: 'mypool',
      metadata: [{ name: 'owner', value: 'me' }],
    });
  });

  test('opened again it is as it was left', () => {
    const texts: string[] = [];
    const { services } = form('pools', {
      edit: (text) => {
        texts.push(text);
        return `${text}# more\n`;
      },
    });
    editBody(services);
    editBody(services);
    expect(texts[1]).toBe(`${texts[0]}# more\n`);
  });

  test('with a mistake names the line, keeps the text, and is not sent', async () => {
    const { services, dialog, port } = form('pools', { edit: () => 'id: a\nvmSize: [1, 2\n' });
    editBody(services);
    expect(dialog().yaml).toBe('id: a\nvmSize: [1, 2\n');
    expect(dialog().error?.message).toMatch(/^the YAML is wrong in line \d/);
    await submitForm(services);
    expect(port.asked('add')).toEqual([]);
    expect(dialog()).toMatchObject({ sending: false, yaml: 'id: a\nvmSize: [1, 2\n' });
    expect(dialog().error?.message).toMatch(/^the YAML is wrong/);
  });

  test('with ids that cannot be says so', () => {
    const { services, dialog } = form('tasks', { edit: () => 'id: t{3..1}\ncommandLine: x\n' });
    editBody(services);
    expect(dialog().error?.message).toBe('the range ends at 1, before 3');
  });

  test('left as it was changes nothing', () => {
    const { services, dialog, store } = form('pools', { edit: () => undefined });
    editBody(services);
    expect(dialog().yaml).toBeUndefined();
    expect(store.getState().flash?.text).toBe('the body is as it was');
  });

  test('gives way when a field is changed after it', () => {
    const { services, dialog, retype } = form('pools', { edit: (text) => `${text}# edited\n` });
    editBody(services);
    expect(dialog().yaml).toBeDefined();
    retype('id', 'other');
    expect(dialog().yaml).toBeUndefined();
  });
});

describe('reading a body', () => {
  test.each([
    ['- a\n- b\n', 'the YAML is no object with properties'],
    ['just text\n', 'the YAML is no object with properties'],
    ['', 'the YAML is no object with properties'],
  ])('%j is none', (text, message) => {
    expect(() => readBody(text)).toThrow(message);
  });

  test('names the line of a mistake', () => {
    expect(() => readBody('id: a\nb: "open\n')).toThrow(/in line \d/);
  });

  test('takes JSON as well', () => {
    expect(readBody('{"id": "a", "n": 1}')).toEqual({ id: 'a', n: 1 });
  });
});

describe('picking a value', () => {
  const picker = (dialog: () => FormDialog) => dialog().picker;

  async function openOn(resource: string, name: string, options: StoreKitOptions = {}) {
    const kit = form(resource, options);
    moveFocus(
      kit.services,
      kit.dialog().fields.findIndex((field) => field.name === name),
    );
    await openPicker(kit.services);
    return kit;
  }

  test('an image brings its node agent with it', async () => {
    const { services, dialog } = await openOn('pools', 'image');
    expect(picker(dialog)?.choices).toHaveLength(IMAGES.length);
    typeInPicker(services, () => 'UBUNTU 22');
    acceptPicker(services);
    expect(picker(dialog)).toBeUndefined();
    expect(dialog().values.image).toBe(
      'canonical:0001-com-ubuntu-server-jammy:22_04-lts batch.node.ubuntu 22.04',
    );
  });

  test('a reference offers the ids there are, page by page', async () => {
    const { dialog, port } = await openOn('jobs', 'poolId', {
      port: {
        listPage: async (_resource, _scope, { next }) =>
          next === undefined ? page([{ id: 'a' }], '1') : page([{ id: 'b' }]),
      },
    });
    expect(picker(dialog)).toMatchObject({ status: 'ready', choices: [{ value: 'a' }, { value: 'b' }] });
    expect(port.asked('listPage')[0]?.[2]).toEqual({ select: ['id'] });
  });

  describe('of VM sizes', () => {
    const SIZES = [
      { name: 'Standard_D2_v2', family: 'standardDv2Family', vCPUs: 2, quota: 500 },
      { name: 'Standard_D16_v2', family: 'standardDv2Family', vCPUs: 16, quota: 500 },
      { name: 'Standard_HB120', family: 'standardHBv3Family', vCPUs: 120, quota: 0 },
    ];
    const atSizes = (script: Partial<ManagementPort> = {}) => {
      const management = scriptedManagement({ listPage: async () => page(SIZES), ...script });
      const kit = form('pools', { management });
      moveFocus(kit.services, 1);
      return { ...kit, management };
    };

    test('says how many cores each has, and its quota; nothing is asked for before', async () => {
      const { services, dialog, management, port } = atSizes();
      const before = port.calls.length;
      expect(management.calls).toEqual([]);
      await openPicker(services);
      expect(management.calls).toEqual([
        { method: 'listPage', args: ['vmsizes', { account: 'contoso' }, {}] },
      ]);
      expect(port.calls).toHaveLength(before);
      expect(picker(dialog)?.choices).toEqual([
        { value: 'Standard_D2_v2', about: '2 vCPUs, quota of 500 cores' },
        { value: 'Standard_D16_v2', about: '16 vCPUs, quota of 500 cores' },
        { value: 'Standard_HB120', about: '120 vCPUs, no quota' },
      ]);
    });

    test('says what is left where that is known, and is narrowed by what it says', async () => {
      const { services, dialog, store } = atSizes();
      store.setState({ feeds: { [feedKeyOf(listView('quotas', {}))]: { ...EMPTY_FEED, rows: QUOTAS } } });
      await openPicker(services);
      expect(picker(dialog)?.choices[0]?.about).toBe('2 vCPUs, quota left for 56 nodes');
      typeInPicker(services, () => 'd 16 vcpu left');
      acceptPicker(services);
      expect(dialog().values.vmSize).toBe('Standard_D16_v2');
    });

    test('where they are not known the field takes what is typed', async () => {
      const refused = new CredentialError('nobody is signed in', { next: 'az login' });
      const { services, dialog, retype, problem } = atSizes({ listPage: () => Promise.reject(refused) });
      await openPicker(services);
      expect(picker(dialog)).toMatchObject({ status: 'failed', problem: refused, choices: [] });
      acceptPicker(services);
      retype('vmSize', 'Standard_D4s_v5');
      expect(problem('vmSize')).toBeUndefined();
      expect(dialog().values.vmSize).toBe('Standard_D4s_v5');
    });
  });

  test('stays within its choices, and starts again when the text changes', async () => {
    const { services, dialog } = await openOn('pools', 'image');
    movePicker(services, 100);
    expect(picker(dialog)?.cursor).toBe(IMAGES.length - 1);
    movePicker(services, -100);
    expect(picker(dialog)?.cursor).toBe(0);
    movePicker(services, 1);
    typeInPicker(services, () => 'windows');
    expect(picker(dialog)?.cursor).toBe(0);
    expect(matchingChoices(picker(dialog)!)).toHaveLength(1);
  });

  test('where nothing matches, or it is left, the field stays as it is', async () => {
    const { services, dialog } = await openOn('pools', 'image');
    const { image } = dialog().values;
    typeInPicker(services, () => 'plan9');
    acceptPicker(services);
    expect(dialog().values.image).toBe(image);
    await openPicker(services);
    closePicker(services);
    expect(dialog().values.image).toBe(image);
  });

  test('what is accepted before the choices are there is taken when they come', async () => {
    const answer = deferred<ReturnType<typeof page>>();
    const kit = form('jobs', { port: { listPage: () => answer.promise } });
    moveFocus(
      kit.services,
      kit.dialog().fields.findIndex(({ name }) => name === 'poolId'),
    );
    const opened = openPicker(kit.services);
    acceptPicker(kit.services);
    expect(picker(kit.dialog)).toMatchObject({ status: 'loading' });
    answer.resolve(page([{ id: 'first' }, { id: 'second' }]));
    await opened;
    expect(picker(kit.dialog)).toBeUndefined();
    expect(kit.dialog().values.poolId).toBe('first');
  });

  test('says why there is nothing to pick', async () => {
    const { dialog } = await openOn('pools', 'image', { port: { listPage: () => Promise.reject(REFUSAL) } });
    expect(picker(dialog)).toMatchObject({ status: 'failed' });
    expect(picker(dialog)?.problem).toBe(REFUSAL);
  });

  test('an answer that comes too late changes nothing', async () => {
    const late = deferred<ReturnType<typeof page>>();
    const { services, dialog } = form('jobs', { port: { listPage: () => late.promise } });
    moveFocus(services, 1);
    const asked = openPicker(services);
    closePicker(services);
    late.resolve(page([{ id: 'a' }]));
    await asked;
    expect(dialog().picker).toBeUndefined();
  });

  test('nothing more is asked for once it is left', async () => {
    const first = deferred<ReturnType<typeof page>>();
    const signals: AbortSignal[] = [];
    const { services } = form('jobs', {
      port: {
        listPage: (_resource, _scope, _query, signal) => {
          signals.push(signal);
          return first.promise;
        },
      },
    });
    moveFocus(services, 1);
    const asked = openPicker(services);
    closePicker(services);
    expect(signals.map(({ aborted }) => aborted)).toEqual([true]);
    first.reject(new DOMException('aborted', 'AbortError'));
    await asked;
  });

  test('opened anew, it takes nothing from what was asked for before', async () => {
    const answers = [deferred<ReturnType<typeof page>>(), deferred<ReturnType<typeof page>>()];
    const left = [...answers];
    const { services, dialog } = form('jobs', { port: { listPage: () => left.shift()!.promise } });
    moveFocus(services, 1);
    const earlier = openPicker(services);
    closePicker(services);
    const later = openPicker(services);
    acceptPicker(services);
    answers[0]?.resolve(page([{ id: 'old' }]));
    await earlier;
    expect(dialog().picker).toMatchObject({ status: 'loading', choices: [] });
    answers[1]?.resolve(page([{ id: 'new' }]));
    await later;
    expect(dialog().values.poolId).toBe('new');
  });
});
