import { describe, expect, it } from 'vitest';
import { JOB_EDITABLE, POOL_EDITABLE } from '../../../../src/resources/editable.ts';
import {
  changesOf,
  editText,
  patched,
  readEdit,
  withNotes,
  withoutNotes,
} from '../../../../src/store/actions/edit-text.ts';

const JOB = {
  id: 'j1',
  eTag: '0x1',
  state: 'active',
  priority: 0,
  maxParallelTasks: -1,
  constraints: { maxWallClockTime: 'PT1H', maxTaskRetryCount: 0 },
  poolInfo: { poolId: 'p1' },
};

describe('editText', () => {
  it('shows what can be changed, with its value, and leaves out the rest', () => {
    const text = editText('job j1', JOB, JOB_EDITABLE);
    expect(text).toContain('\npriority: 0\n');
    expect(text).toContain('  maxWallClockTime: PT1H\n');
    expect(text).not.toContain('active');
    expect(text).not.toContain('0x1');
  });

  it('offers what is not set as a comment that becomes valid when uncommented', () => {
    const text = editText('job j1', JOB, JOB_EDITABLE);
    expect(text).toContain('# metadata:\n#   - name: project\n#     value: blue');
    const used = text.replace('# metadata:\n#   - name: project\n#     value: blue', (block) =>
      block.replace(/^# /gm, ''),
    );
    expect(readEdit(used, JOB, JOB_EDITABLE).patch).toEqual({
      metadata: [{ name: 'project', value: 'blue' }],
    });
  });

  it('keeps every example of every resource valid YAML', () => {
    for (const property of [...JOB_EDITABLE, ...POOL_EDITABLE]) {
      if (property.example === undefined) continue;
      expect(Object.keys(readEdit(property.example, {}, [property]).patch)).toEqual([property.name]);
    }
  });
});

describe('readEdit', () => {
  const unchanged = editText('job j1', JOB, JOB_EDITABLE);

  it('finds nothing in a text that nobody changed', () => {
    expect(readEdit(unchanged, JOB, JOB_EDITABLE)).toEqual({ patch: {}, changes: [] });
  });

  it('takes a property without a value as one that was taken out, and not as something to send', () => {
    const text = unchanged.replace('priority: 0\n', 'priority:\n');
    expect(() => readEdit(text, JOB, [{ name: 'priority', hint: 'order' }])).toThrow('cannot be');
    expect(
      readEdit(
        'metadata:\n',
        JOB,
        JOB_EDITABLE.filter(({ name }) => name === 'metadata'),
      ),
    ).toEqual({
      patch: {},
      changes: [],
    });
  });

  it('sends only what differs, and that property whole', () => {
    const text = unchanged.replace('maxTaskRetryCount: 0\n', 'maxTaskRetryCount: 3\n');
    expect(readEdit(text, JOB, JOB_EDITABLE)).toEqual({
      patch: { constraints: { maxWallClockTime: 'PT1H', maxTaskRetryCount: 3 } },
      changes: [{ path: 'constraints.maxTaskRetryCount', before: '0', after: '3' }],
    });
  });

  it('sends the empty value of a property that was taken out', () => {
    const job = { ...JOB, metadata: [{ name: 'a', value: 'b' }] };
    const text = unchanged.replace(/\n# metadata[\s\S]*?blue/, '');
    expect(readEdit(text, job, JOB_EDITABLE).patch).toEqual({ metadata: [] });
  });

  it('refuses to take out what the service cannot take away', () => {
    const text = unchanged.replace('poolInfo:\n  poolId: p1', '');
    expect(() => readEdit(text, JOB, JOB_EDITABLE)).toThrow('poolInfo cannot be taken away, only changed');
  });

  it('refuses a property that cannot be changed, and says which can', () => {
    expect(() => readEdit(`${unchanged}\nid: other\n`, JOB, JOB_EDITABLE)).toThrow(
      /^id cannot be changed here, only priority, /,
    );
  });

  it('names the line of a mistake', () => {
    expect(() => readEdit('priority: 1\nmetadata: [', JOB, JOB_EDITABLE)).toThrow(/line 2/);
  });

  it('takes a text of comments alone as one that takes everything out', () => {
    const [priority] = JOB_EDITABLE;
    expect(readEdit('# nothing\n', { priority: 5 }, priority === undefined ? [] : [priority]).patch).toEqual({
      priority: 0,
    });
  });
});

describe('notes', () => {
  it('come on top, replace those of the try before, and are no part of the text', () => {
    const once = withNotes('priority: 1\n', ['first']);
    const twice = withNotes(once, ['second', 'try: less']);
    expect(twice).toBe('#! second\n#! try: less\npriority: 1\n');
    expect(withoutNotes(twice)).toBe('priority: 1\n');
  });
});

describe('changesOf', () => {
  it('lists leaves that came, went and changed', () => {
    expect(changesOf('a', { x: 1, gone: true, list: ['b'] }, { x: 2, list: ['b', 'c'] })).toEqual([
      { path: 'a.x', before: '1', after: '2' },
      { path: 'a.gone', before: 'true', after: undefined },
      { path: 'a.list[1]', before: undefined, after: '"c"' },
    ]);
  });

  it('sees an empty list as different from none', () => {
    expect(changesOf('a', undefined, [])).toEqual([{ path: 'a', before: undefined, after: 'none' }]);
  });
});

describe('patched', () => {
  it('puts changes on what somebody else left', () => {
    expect(patched({ priority: 9, metadata: [] }, { metadata: [1] })).toEqual({ priority: 9, metadata: [1] });
  });
});
