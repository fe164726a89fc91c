import { describe, expect, it } from 'vitest';
import { ServiceError } from '../../../../src/lib/errors.ts';
import type { Operation } from '../../../../src/resources/types.ts';
import { startAutoscale } from '../../../../src/store/actions/autoscale.ts';
import { startClone } from '../../../../src/store/actions/clone.ts';
import { rememberFormula, triedOn } from '../../../../src/store/actions/tried-formulas.ts';
import type { FormDialog, PanelDialog } from '../../../../src/store/dialogs.ts';
import { submitForm } from '../../../../src/store/forms/form-submit.ts';
import { setFieldValue } from '../../../../src/store/forms/forms.ts';
import { pressPanel } from '../../../../src/store/panel.ts';
import { textView } from '../../../../src/store/views.ts';
import { type StoreKitOptions, storeKit } from '../../../support/store-kit.ts';

const FIXED = { id: 'p', vmSize: 'a1', targetDedicatedNodes: 3, targetLowPriorityNodes: 0 };
const SCALED = {
  ...FIXED,
  enableAutoScale: true,
  autoScaleFormula: '$TargetDedicatedNodes=1;\n',
  autoScaleEvaluationInterval: 'PT15M',
};

/** A pool on the screen, its autoscaling open, and an editor that does what it is told. */
async function scaling(pool: object, port: StoreKitOptions['port'] = {}, edit?: StoreKitOptions['edit']) {
  const kit = storeKit({
    view: textView('describe', 'pools', {}, 'p'),
    port: { get: async () => pool, ...port },
    ...(edit === undefined ? {} : { edit }),
  });
  const panel = () => kit.store.getState().overlay as PanelDialog | undefined;
  const press = async (label: string) => {
    const open = panel();
    if (open === undefined) throw new Error('no panel is open');
    kit.store.setState({
      overlay: { ...open, focus: open.buttons.findIndex((button) => button.label === label) },
    });
    pressPanel(kit.services);
    await kit.done();
  };
  startAutoscale(kit.services);
  await kit.done();
  const texts = () => panel()?.lines.map(({ text }) => text) ?? [];
  const labels = () => panel()?.buttons.map(({ label }) => label);
  return { ...kit, panel, press, texts, labels };
}

describe('the autoscaling of a pool', () => {
  it('that is off can be turned on, and not evaluated', async () => {
    const kit = await scaling(FIXED);
    expect(kit.labels()).toEqual(['Cancel', 'Edit formula', 'Turn on']);
    await kit.press('Turn on');
    const [operation] = kit.port.asked('act')[0] as [Operation];
    expect(operation).toMatchObject({ resource: 'pools', action: 'enableAutoScale', id: 'p' });
    expect(operation.args?.autoScaleFormula).toContain('$TargetDedicatedNodes = min(5, waiting);');
    expect(kit.panel()).toBeUndefined();
  });

  it('is edited, evaluated without a change, and applied', async () => {
    const ask = async () => ({ results: '$TargetDedicatedNodes=9' });
    const kit = await scaling(SCALED, { ask }, (text) => text.replace('Nodes=1', 'Nodes=9'));
    await kit.press('Edit formula');
    expect(kit.texts()[0]).toContain('edited, not applied');
    await kit.press('Evaluate');
    const [question] = kit.port.asked('ask')[0] as [Operation];
    expect(question.args).toEqual({ autoScaleFormula: '$TargetDedicatedNodes=9;\n' });
    expect(kit.texts()).toContain('~ $TargetDedicatedNodes: 3 → 9');
    expect(kit.port.asked('act')).toEqual([]);
    await kit.press('Apply');
    expect(kit.port.asked('act')[0]?.[0]).toMatchObject({
      args: { autoScaleFormula: '$TargetDedicatedNodes=9;\n', autoScaleEvaluationInterval: 'PT15M' },
    });
  });

  it('is turned off', async () => {
    const kit = await scaling(SCALED);
    await kit.press('Turn off');
    expect(kit.port.asked('act')[0]?.[0]).toMatchObject({ action: 'disableAutoScale' });
    expect(kit.store.getState().flash?.text).toBe('pool p keeps its size from now on');
  });

  it('keeps a formula that the service refuses, with what it said', async () => {
    const refuse = async () => {
      throw new ServiceError({ status: 400, code: 'AutoScalingFormulaSyntaxError', message: 'line 1' });
    };
    const kit = await scaling(SCALED, { act: refuse }, (text) => text.replace('Nodes=1', 'Nodes=('));
    await kit.press('Edit formula');
    await kit.press('Apply');
    expect(kit.panel()).toMatchObject({ sending: false, error: { message: 'line 1' } });
    expect(kit.texts()).toContain('  $TargetDedicatedNodes=(;');
  });

  it('opens the editor again on what it cannot read, and stays as it was when that is given up', async () => {
    const opened: string[] = [];
    const kit = await scaling(SCALED, {}, (text) => {
      opened.push(text);
      return opened.length === 1 ? 'autoScaleEvaluationInterval: PT5M' : undefined;
    });
    await kit.press('Edit formula');
    expect(opened[1]).toMatch(/^#! autoScaleFormula is missing\n/);
    expect(kit.texts()[0]).toContain("the pool's");
  });
});

describe('formulas that were tried', () => {
  it('tell why they were refused or could not be evaluated', async () => {
    const details = [{ key: 'Message', value: 'Line 1, Col 25: Syntax error' }];
    const refuse = async () => {
      throw new ServiceError({ status: 400, code: 'AutoScalingFormulaSyntaxError', message: 'no', details });
    };
    const values = [{ name: 'Message', value: 'Line 1, Col 1: Undefined symbol: x' }];
    const fail = async () => ({ error: { code: 'C', message: 'M', values } });
    for (const [port, button, outcome] of [
      [{ act: refuse }, 'Apply', 'refused: Line 1, Col 25: Syntax error'],
      [{ ask: refuse }, 'Evaluate', 'refused: Line 1, Col 25: Syntax error'],
      [{ ask: fail }, 'Evaluate', 'Line 1, Col 1: Undefined symbol: x'],
    ] as const) {
      const kit = await scaling(SCALED, port, (text) => text.replace('Nodes=1', 'Nodes=('));
      await kit.press('Edit formula');
      await kit.press(button);
      expect(triedOn(kit.store.getState(), 'p')).toMatchObject([{ outcome }]);
    }
  });

  const ask = async (operation: Operation) => ({ results: String(operation.args?.autoScaleFormula) });
  const formula = (nodes: number) => `  $TargetDedicatedNodes=${nodes};`;

  /** A pool whose formula is edited to set as many nodes as the next of these numbers says. */
  async function editing(...nodes: number[]) {
    const left = [...nodes];
    return scaling(SCALED, { ask }, (text) => text.replace(/Nodes=\d/, `Nodes=${left.shift()}`));
  }
  const outcomes = (texts: string[]) =>
    texts.flatMap((text) => /^[ ›] \d{4}-\d\d-\d\d \d\d:\d\d {2}(.*)/.exec(text)?.[1] ?? []);

  it('are kept with what came of them, and gone through with one button that keeps the focus', async () => {
    const kit = await editing(7, 9);
    expect(kit.labels()).not.toContain('Earlier');
    await kit.press('Edit formula');
    await kit.press('Evaluate');
    await kit.press('Edit formula');
    expect(outcomes(kit.texts())).toEqual(['written, not tried', '$TargetDedicatedNodes: 3 → 7']);
    await kit.press('Evaluate');
    expect(outcomes(kit.texts())[0]).toBe('$TargetDedicatedNodes: 3 → 9');
    await kit.press('Earlier');
    expect(kit.texts()).toContain(formula(7));
    expect(kit.panel()?.buttons[kit.panel()?.focus ?? 0]?.label).toBe('Earlier');
    await kit.press('Earlier');
    expect(kit.texts()).toContain(formula(1));
    expect(kit.texts()[0]).toContain("the pool's");
    await kit.press('Earlier');
    expect(kit.texts()).toContain(formula(9));
    await kit.press('Apply');
    expect(kit.port.asked('act')[0]?.[0]).toMatchObject({
      args: { autoScaleFormula: '$TargetDedicatedNodes=9;\n' },
    });
    startAutoscale(kit.services);
    await kit.done();
    expect(outcomes(kit.texts())).toEqual(['applied', '$TargetDedicatedNodes: 3 → 7']);
  });

  it('are not lost when the panel is left without trying them', async () => {
    const kit = await editing(7);
    await kit.press('Edit formula');
    await kit.press('Cancel');
    startAutoscale(kit.services);
    await kit.done();
    expect(kit.texts()).not.toContain(formula(7));
    await kit.press('Earlier');
    expect(kit.texts()).toContain(formula(7));
  });

  it('that would change nothing say so', async () => {
    const kit = await editing(3);
    await kit.press('Edit formula');
    await kit.press('Evaluate');
    expect(outcomes(kit.texts())).toEqual(['changes no target']);
  });

  it('do not have what the service made of the one that is applied', async () => {
    const autoScaleRun = { timestamp: '2026-11-30T12:00:00Z', results: '$TargetDedicatedNodes=1' };
    const kit = await scaling({ ...SCALED, autoScaleRun }, { ask }, (text) => text.replace('=1', '=7'));
    const head = 'Last evaluated by the service at 2026-11-30T12:00:00Z';
    expect(kit.texts()).toContain(head);
    await kit.press('Edit formula');
    expect(kit.texts()).not.toContain(head);
  });

  it('are ten of a pool at most, and of fifty pools', async () => {
    const { store } = storeKit();
    for (let pool = 1; pool <= 60; pool += 1)
      for (let at = 1; at <= 12; at += 1)
        rememberFormula(store, `p${pool}`, { formula: `x=${at}`, interval: 'PT5M', at, outcome: '' });
    expect(triedOn(store.getState(), 'p10')).toEqual([]);
    expect(triedOn(store.getState(), 'p60').map(({ at }) => at)).toEqual([12, 11, 10, 9, 8, 7, 6, 5, 4, 3]);
    expect(Object.keys(store.getState().memory.formulas)).toHaveLength(50);
    expect(triedOn(store.getState(), 'p11')).toHaveLength(10);
  });
});

describe('a clone', () => {
  const JOB = {
    id: 'j',
    url: 'https://x',
    state: 'active',
    priority: 5,
    displayName: 'My job',
    poolInfo: { poolId: 'p' },
    onAllTasksComplete: 'terminatejob',
  };

  function cloning(resource: string, entity: object) {
    const kit = storeKit({
      view: textView('describe', resource, {}, 'j'),
      port: { get: async () => entity },
    });
    const form = () => kit.store.getState().overlay as FormDialog;
    return { ...kit, form };
  }

  it('starts from the fields of the other, and keeps what they do not show', async () => {
    const kit = cloning('jobs', JOB);
    startClone(kit.services);
    await kit.done();
    expect(kit.form()).toMatchObject({ title: 'Clone job j', values: { id: 'j-copy', priority: '5' } });
    expect(kit.store.getState().flash?.text).toContain('terminatejob is left out');
    setFieldValue(kit.services, 'id', 'k');
    await submitForm(kit.services);
    expect(kit.port.asked('add')).toEqual([
      ['jobs', {}, { id: 'k', poolInfo: { poolId: 'p' }, priority: 5, displayName: 'My job' }],
    ]);
  });

  it('is YAML at once where the fields cannot show it', async () => {
    const kit = cloning('pools', { ...SCALED, id: 'j' });
    startClone(kit.services);
    await kit.done();
    expect(kit.form().yaml).toContain('autoScaleFormula: |\n  $TargetDedicatedNodes=1;');
    await submitForm(kit.services);
    expect(kit.port.asked('add')[0]?.[2]).toMatchObject({ id: 'j-copy', enableAutoScale: true });
  });

  it('is not offered of what only the service makes', () => {
    const kit = cloning('nodes', {});
    startClone(kit.services);
    expect(kit.store.getState().flash?.text).toBe('azb cannot make nodes: they come from the service');
  });
});
