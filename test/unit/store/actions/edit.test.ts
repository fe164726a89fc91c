import { describe, expect, it } from 'vitest';
import { ServiceError, UnreachableError } from '../../../../src/lib/errors.ts';
import type { Entity } from '../../../../src/resources/types.ts';
import { startEdit } from '../../../../src/store/actions/edit.ts';
import type { PanelDialog } from '../../../../src/store/dialogs.ts';
import { pressPanel } from '../../../../src/store/panel.ts';
import { textView } from '../../../../src/store/views.ts';
import { type StoreKitOptions, storeKit } from '../../../support/store-kit.ts';

const JOB = { id: 'myjob', eTag: '0x1', state: 'active', priority: 0, poolInfo: { poolId: 'p' } };

/** The description of a job on the screen, with an editor that does what it is told, one step a time it opens. */
function editing(
  steps: readonly ((text: string) => string | undefined)[],
  port: StoreKitOptions['port'] = {},
  resource = 'jobs',
) {
  const opened: string[] = [];
  const kit = storeKit({
    view: textView('describe', resource, {}, 'myjob'),
    edit: (text) => {
      opened.push(text);
      const edited = steps[opened.length - 1]?.(text);
      return edited === text ? undefined : edited;
    },
    port: { get: async () => JOB, ...port },
  });
  const panel = () => kit.store.getState().overlay as PanelDialog | undefined;
  const press = async (label: string) => {
    const open = panel();
    if (open === undefined) throw new Error('no panel is open');
    const focus = open.buttons.findIndex((button) => button.label === label);
    kit.store.setState({ overlay: { ...open, focus } });
    pressPanel(kit.services);
    await kit.done();
  };
  const start = async () => {
    startEdit(kit.services);
    await kit.done();
  };
  return { ...kit, opened, panel, press, start, flashed: () => kit.store.getState().flash?.text };
}

const to = (priority: number) => (text: string) => text.replace(/^priority: .*$/m, `priority: ${priority}`);

function refusal(status: number, code: string): ServiceError {
  return new ServiceError({
    status,
    code,
    message: `${code} it is`,
    details: [{ key: 'Reason', value: 'why' }],
  });
}

describe('editing', () => {
  it('shows the difference with Cancel in focus, and sends it only when told, on the state that was seen', async () => {
    const kit = editing([to(7)]);
    await kit.start();
    expect(kit.panel()).toMatchObject({ title: 'Change job myjob?', focus: 0 });
    expect(kit.panel()?.lines).toEqual([{ text: '~ priority: 0 → 7', role: 'warn' }]);
    expect(kit.port.asked('update')).toEqual([]);
    await kit.press('Save');
    expect(kit.port.asked('update')).toEqual([['jobs', {}, 'myjob', { priority: 7 }, '0x1']]);
    expect(kit.panel()).toBeUndefined();
    expect(kit.flashed()).toBe('job myjob was changed');
  });

  it('says what else a change needs to have effect', async () => {
    const pool = { id: 'p', eTag: '0x1', startTask: { commandLine: 'old' } };
    const kit = editing(
      [(text) => text.replace('commandLine: old', 'commandLine: new')],
      { get: async () => pool },
      'pools',
    );
    await kit.start();
    await kit.press('Save');
    expect(kit.flashed()).toContain('was changed; nodes take the start task on reboot');
  });

  it('changes nothing when the editor changes nothing', async () => {
    const kit = editing([(text) => text]);
    await kit.start();
    expect(kit.panel()).toBeUndefined();
    expect(kit.flashed()).toBe('job myjob stays as it is');
  });

  it('opens the editor again on a text that cannot be read, with the reason on top and the text kept', async () => {
    const kit = editing([(text) => `${to(7)(text)}\nbroken: [`, (text) => text.replace('broken: [', '')]);
    await kit.start();
    expect(kit.opened[1]).toMatch(/^#! .*YAML.*line \d+/);
    expect(kit.opened[1]).toContain('priority: 7');
    expect(kit.panel()?.lines).toHaveLength(1);
  });

  it('gives up on an editor that does the same wrong thing again', async () => {
    const kit = editing(Array(9).fill(() => 'broken: ['));
    await kit.start();
    expect(kit.opened).toHaveLength(2);
    expect(kit.panel()).toBeUndefined();
  });

  it('goes back to the same text on Edit again, and keeps it when nothing more is changed', async () => {
    const kit = editing([to(7), (text) => text]);
    await kit.start();
    await kit.press('Edit again');
    expect(kit.opened[1]).toContain('priority: 7');
    expect(kit.panel()?.lines).toEqual([{ text: '~ priority: 0 → 7', role: 'warn' }]);
  });

  it('returns to the editor with what the service said about a value that it refuses', async () => {
    const kit = editing([to(5000), to(5)], {
      update: async (_resource, _scope, _id, patch: Entity) => {
        if ((patch as { priority?: number }).priority === 5000) throw refusal(400, 'InvalidPropertyValue');
      },
    });
    await kit.start();
    await kit.press('Save');
    expect(kit.opened[1]).toMatch(/^#! InvalidPropertyValue it is .*\n#! Reason: why\n/);
    expect(kit.opened[1]).toContain('priority: 5000');
    await kit.press('Save');
    expect(kit.port.asked('update')).toHaveLength(2);
    expect(kit.flashed()).toBe('job myjob was changed');
  });

  it('puts the change on what somebody else left, when somebody was faster', async () => {
    const theirs = { ...JOB, eTag: '0x2', maxParallelTasks: 4 };
    let current: Entity = JOB;
    const kit = editing([to(7), (text) => text], {
      get: async () => current,
      update: async (_resource, _scope, _id, _patch, etag) => {
        if (etag === '0x1') throw refusal(412, 'ConditionNotMet');
      },
    });
    await kit.start();
    current = theirs;
    await kit.press('Save');
    expect(kit.opened[1]).toContain('#!   + maxParallelTasks: 4');
    expect(kit.opened[1]).toContain('\npriority: 7\n');
    expect(kit.opened[1]).toContain('\nmaxParallelTasks: 4\n');
    // Left as it is, it is asked about again: the change is in it already.
    expect(kit.panel()?.lines).toEqual([{ text: '~ priority: 0 → 7', role: 'warn' }]);
    await kit.press('Save');
    expect(kit.port.asked('update')[1]).toEqual(['jobs', {}, 'myjob', { priority: 7 }, '0x2']);
  });

  it('keeps the difference on the screen when the service cannot be reached', async () => {
    const kit = editing([to(7)], {
      update: async () => {
        throw new UnreachableError('no way there');
      },
    });
    await kit.start();
    await kit.press('Save');
    expect(kit.opened).toHaveLength(1);
    expect(kit.panel()).toMatchObject({ sending: false, error: { message: 'no way there' } });
  });

  it('does not open over what the user went on to', async () => {
    const kit = editing([to(7)]);
    startEdit(kit.services);
    kit.store.setState({ prompt: { kind: 'command', text: 'po', suggestions: [], chosen: 0 } });
    await kit.done();
    expect(kit.opened).toEqual([]);
    expect(kit.flashed()).toBe('you went on, so job myjob was not opened');
  });

  it('says where there is nothing to edit', async () => {
    const kit = storeKit({ view: textView('describe', 'images', {}, 'x') });
    startEdit(kit.services);
    expect(kit.store.getState().flash?.text).toBe('the service lets nothing of images be changed');
  });
});
