import { describe, expect, it } from 'vitest';
import { type Pace, paceOf } from '../../../src/resources/pace.ts';
import {
  ordered,
  type Place,
  placeHindrances,
  type WhyJob,
  type WhyPool,
} from '../../../src/resources/why.ts';
import { explainJob } from '../../../src/resources/why-job.ts';
import { explainPool } from '../../../src/resources/why-pool.ts';
import { endOf, explainTask, type TaskFacts } from '../../../src/resources/why-task.ts';

const POOL: WhyPool = {
  id: 'p',
  state: 'active',
  allocationState: 'steady',
  currentDedicatedNodes: 2,
  targetDedicatedNodes: 2,
  taskSlotsPerNode: 2,
};
const PLACE: Place = {
  poolId: 'p',
  pool: POOL,
  nodes: { idle: 2, running: 0 },
  rivals: [],
  failedPreparations: 0,
};
const JOB: WhyJob = { id: 'j', state: 'active', priority: 0, maxParallelTasks: -1 };
const TASKS = { active: 3, running: 0, completed: 1, failed: 0 };

function place(changes: Partial<Place>): Place {
  return { ...PLACE, ...changes };
}

function pool(changes: Partial<WhyPool>): Place {
  return place({ pool: { ...POOL, ...changes } });
}

const texts = (findings: readonly { kind: string; text: string }[]) =>
  findings.map(({ kind, text }) => `${kind}: ${text}`);

/** What hinders the job, behind the line on how it stands. */
function job(changes: Partial<WhyJob>, at: Place = PLACE, tasks = TASKS) {
  return texts(explainJob({ job: { ...JOB, ...changes }, place: at, tasks })).slice(1);
}

/** How the job stands. */
function standing(tasks: typeof TASKS, pace?: Pace, changes: Partial<WhyJob> = {}) {
  return explainJob({ job: { ...JOB, ...changes }, place: PLACE, tasks, pace })[0]?.text;
}

describe('why a job does not run', () => {
  it('is not known when nothing hinders it', () => {
    expect(job({})).toEqual(['fine: 2 nodes idle: tasks should start within seconds']);
  });

  it('begins with how it stands, in one line, so that no long list of reasons hides that', () => {
    const tasks = { active: 3968, running: 12, completed: 1040, failed: 20 };
    expect(standing(tasks)).toBe(
      '1,040 of 5,020 tasks ended, 20% (20 of them failed), 12 running, 3,968 waiting',
    );
    expect(standing({ active: 0, running: 0, completed: 1, failed: 0 })).toBe(
      '1 of 1 task ended, 100%, 0 running, 0 waiting',
    );
    expect(standing({ active: 0, running: 0, completed: 0, failed: 0 })).toBe('the job has no tasks');
  });

  it('tells how fast tasks end, once some did, and when the rest will have', () => {
    const tasks = { active: 290, running: 10, completed: 100, failed: 0 };
    expect(standing(tasks, paceOf(20, 10_000))).toContain('290 waiting: 120 a minute, about 2m30s left');
    expect(standing(tasks, paceOf(1, 30_000))).toContain(': 2.0 a minute, about 2h30m left');
    expect(standing(tasks, paceOf(0, 10_000))).not.toContain('a minute');
    expect(standing({ ...tasks, active: 0, running: 0 }, paceOf(20, 10_000))).not.toContain('left');
    expect(standing(tasks, paceOf(1, 600_000))).toContain(': 6.0 an hour, about 2d2h left');
  });

  it('tells of no end of a job that starts no more tasks', () => {
    const tasks = { active: 290, running: 10, completed: 100, failed: 0 };
    const text = standing(tasks, paceOf(20, 10_000), { state: 'disabled' });
    expect(text).toMatch(/290 waiting: 120 a minute$/);
  });

  it('is that it is disabled, completed or could not be scheduled', () => {
    expect(job({ state: 'Disabled' })[0]).toBe('stop: the job is disabled: none of its tasks starts');
    const ended = { state: 'completed', executionInfo: { terminateReason: 'UserTerminate' } };
    expect(job(ended)[0]).toBe('stop: the job is completed (UserTerminate): its waiting tasks never start');
    const schedulingError = { code: 'Q', message: 'no quota' };
    expect(job({ executionInfo: { schedulingError } })[0]).toContain(
      'could not schedule the job: no quota (Q)',
    );
  });

  it('is that it runs as many tasks as it may', () => {
    expect(job({ maxParallelTasks: 2 }, PLACE, { ...TASKS, running: 2 })[0]).toBe(
      'wait: the job runs at most 2 tasks at a time, and 2 do',
    );
    expect(job({ maxParallelTasks: 3 }, PLACE, { ...TASKS, running: 2 }).join()).not.toContain('at most');
  });

  it('may be its dependencies, when nodes are idle', () => {
    expect(job({ usesTaskDependencies: true })[0]).toContain('the tasks that wait may depend on others');
  });

  it('is that its manager failed, which the job itself does not tell', () => {
    const executionInfo = { result: 'failure', exitCode: 3 };
    const facts = { job: { ...JOB, state: 'completed' }, place: PLACE };
    const tasks = { active: 0, running: 0, completed: 2, failed: 1 };
    const manager = { id: 'm', state: 'completed', executionInfo };
    const findings = explainJob({ ...facts, tasks, manager });
    expect(texts(findings)).toEqual([
      'fine: 2 of 2 tasks ended, 100% (1 of them failed), 0 running, 0 waiting',
      'stop: the job manager, task m: it failed with exit code 3',
      'stop: the job is completed: its waiting tasks never start',
    ]);
    expect(findings[1]?.next).toContain('shift-l');
    const well = { ...manager, executionInfo: { result: 'success', exitCode: 0 } };
    expect(texts(explainJob({ ...facts, tasks, manager: well })).join()).not.toContain('manager');
  });

  it('tells of tasks that failed, and where they are grouped', () => {
    const findings = explainJob({ job: JOB, place: PLACE, tasks: { ...TASKS, failed: 2 } });
    expect(texts(findings)).toContain('stop: 2 tasks failed');
    // What failed keeps the others from nothing.
    expect(texts(findings)[1]).toContain('tasks should start within seconds');
    expect(findings.find(({ text }) => text === '2 tasks failed')?.next).toContain('v for the failures');
  });

  it('does not look at the pool when no task waits', () => {
    const none = place({ pool: undefined });
    expect(job({}, none, { ...TASKS, active: 0 })).toEqual([]);
  });
});

describe('why a task failed', () => {
  const failed = (code: string) => {
    const executionInfo = { result: 'failure', failureInfo: { code, message: 'It failed.' } };
    return endOf({ id: 't', state: 'completed', executionInfo });
  };

  it('does not lead to outputs that a task which never began cannot have', () => {
    const [word, reason] = failed('ResourceContainerNotFound');
    expect(word?.next).not.toContain('stdout');
    expect(word?.next).toContain('a runs it again');
    expect(reason?.next).toContain('the storage account that is linked to the Batch account');
  });

  it('leads to the outputs of one that did', () => {
    expect(failed('FailureExitCode')[0]?.next).toContain('l shows its stdout');
    expect(failed('FileUploadContainerNotFound')[0]?.next).toContain('l shows its stdout');
    expect(failed('FileUploadContainerNotFound')[1]?.next).toContain(':containers');
  });
});

describe('what the pool has to do with it', () => {
  const here = (at: Place) => texts(placeHindrances(at));

  it('is that there is none', () => {
    expect(here(place({ pool: undefined }))).toEqual(['stop: the pool p does not exist']);
    expect(here(place({ poolId: undefined }))[0]).toContain('no pool yet');
  });

  it('is that it has no nodes', () => {
    const empty = { currentDedicatedNodes: 0, targetDedicatedNodes: 0 };
    expect(here({ ...pool(empty), nodes: {} })).toEqual([
      'stop: the pool has no nodes, and none are asked for',
    ]);
    expect(here({ ...pool({ ...empty, enableAutoScale: true }), nodes: {} })).toEqual([
      'wait: the pool has no nodes, and its formula asks for none',
    ]);
  });

  it('is a quota, with what to do about it', () => {
    const resizeErrors = [{ code: 'AccountCoreQuotaReached', message: 'quota' }];
    const [finding] = placeHindrances(pool({ resizeErrors }));
    expect(finding?.text).toBe('the last resize of pool p failed: quota (AccountCoreQuotaReached)');
    expect(finding?.next).toContain('higher quota of dedicated cores');
  });

  it('is a formula that fails', () => {
    const autoScaleRun = { error: { code: 'E', message: 'bad formula' } };
    expect(here(pool({ enableAutoScale: true, autoScaleRun }))[0]).toContain('bad formula (E)');
    expect(here(pool({ enableAutoScale: false, autoScaleRun }))).toEqual([]);
  });

  it('is that it is still growing', () => {
    const grows = pool({ allocationState: 'Resizing', currentDedicatedNodes: 1 });
    expect(here(grows)).toEqual(['wait: the pool is resizing: 1 of 2 nodes are there']);
  });

  it('is a start task that failed: a full stop only when no other node works', () => {
    expect(here(place({ nodes: { starttaskfailed: 2 } }))).toEqual(['stop: 2 nodes: the start task failed']);
    // The keys that it names are keys of other views, so it says of which.
    expect(placeHindrances(place({ nodes: { starttaskfailed: 2 } }))[0]?.next).toBe(
      ':nodes p, where L shows its stderr and b tries it again; e on the pool mends it',
    );
    expect(here(place({ nodes: { startTaskFailed: 1, idle: 1 } }))).toEqual([
      'wait: 1 node: the start task failed',
    ]);
  });

  it('is that all nodes are busy', () => {
    expect(here(place({ nodes: { running: 2 } }))[0]).toBe(
      'wait: all 2 working nodes run tasks, 2 slots each: a task starts when one ends',
    );
  });

  it('is who goes first, and preparation that failed', () => {
    expect(here(place({ rivals: ['a', 'b'] }))[0]).toContain(
      '2 jobs of higher priority go first on this pool: a, b',
    );
    expect(here(place({ failedPreparations: 1 }))[0]).toContain('preparation task failed on 1 node');
  });
});

describe('why a task does not run', () => {
  const FACTS: TaskFacts = {
    task: { id: 't', state: 'active' },
    job: JOB,
    place: PLACE,
    dependencies: [],
    unseenDependencies: 0,
    freeSlots: [2, 2],
    running: 0,
  };
  const task = (changes: Partial<TaskFacts>) => texts(explainTask({ ...FACTS, ...changes }));

  it('is not known when nothing hinders it', () => {
    expect(task({})).toEqual(['fine: nothing hinders it: it should start within seconds']);
  });

  it('is what it depends on: what failed or is missing stops it, what is open lets it wait', () => {
    const dependencies = [
      { id: 'done', state: 'completed', result: 'success' },
      { id: 'bad', state: 'completed', result: 'failure' },
      { id: 'gone', state: undefined, result: undefined },
      { id: 'open', state: 'running', result: undefined },
    ];
    expect(task({ dependencies, unseenDependencies: 7 })).toEqual([
      'stop: it depends on tasks that do not exist: gone',
      'stop: it depends on tasks that failed: bad (completed); that blocks it unless their exit conditions allow it',
      'wait: it waits for 1 task: open (running), and on 7 more that were not looked at',
    ]);
    expect(task({ dependencies: dependencies.slice(0, 1) })[0]).toContain('nothing hinders it');
  });

  it('is its size', () => {
    const needs = (requiredSlots: number) => ({ task: { ...FACTS.task, requiredSlots } });
    expect(task(needs(3))[0]).toBe(
      'stop: it needs 3 slots, and a node of pool p has 2: it can never start there',
    );
    expect(task({ ...needs(2), freeSlots: [1, 0] })[0]).toBe(
      'wait: it needs 2 slots, and no node has more than 1 free',
    );
    expect(task(needs(2))[0]).toContain('nothing hinders it');
  });

  it('is that a multi-instance task finds no nodes that talk to each other, or too few', () => {
    const many = { task: { ...FACTS.task, multiInstanceSettings: { numberOfInstances: 5 } } };
    expect(task(many)).toEqual([
      'stop: it is a multi-instance task, and the pool does not let its nodes talk to each other',
      'stop: it needs 5 nodes at once, and the pool asks for 2',
    ]);
  });

  it('is told once of a pool without nodes to a task that needs one', () => {
    const none = { currentDedicatedNodes: 0, targetDedicatedNodes: 0 };
    expect(task({ place: { ...pool(none), nodes: {} } })).toEqual([
      'stop: the pool has no nodes, and none are asked for',
    ]);
  });

  it('is its job', () => {
    expect(task({ job: { ...JOB, state: 'disabled' } })[0]).toContain('the job is disabled');
    expect(task({ job: { ...JOB, maxParallelTasks: 4 }, running: 4 })[0]).toContain('at most 4 tasks');
  });

  it('says how it ended when it has', () => {
    const failureInfo = {
      code: 'CommandProgramNotFound',
      message: 'not found',
      details: [{ name: 'A', value: 'b' }],
    };
    const executionInfo = { result: 'Failure', exitCode: 1, retryCount: 2, failureInfo };
    const findings = explainTask({ ...FACTS, task: { id: 't', state: 'completed', executionInfo } });
    expect(texts(findings)).toEqual([
      'stop: it failed with exit code 1',
      'stop: not found (CommandProgramNotFound)',
      'stop: A: b',
      'stop: it was tried 3 times',
    ]);
    expect(findings[1]?.next).toContain('no shell is added');
  });

  it('says where it runs when it does', () => {
    expect(task({ task: { id: 't', state: 'running', nodeInfo: { nodeId: 'n1' } } })).toEqual([
      'fine: it runs on node n1',
    ]);
  });
});

describe('ordered', () => {
  it('puts the gravest first and keeps the order among equals', () => {
    const kinds = ['wait', 'stop', 'fine', 'stop'] as const;
    const findings = kinds.map((kind, index) => ({ kind, text: String(index) }));
    expect(ordered(findings).map(({ text }) => text)).toEqual(['1', '3', '0', '2']);
  });
});

describe('why a pool has no nodes that work', () => {
  it('tells of errors of its resize and of nodes that failed, the gravest first', () => {
    const resizeErrors = [{ code: 'AccountCoreQuotaReached', message: 'The quota is reached.' }];
    const pool = {
      id: 'p',
      state: 'active',
      currentDedicatedNodes: 2,
      targetDedicatedNodes: 9,
      resizeErrors,
    };
    const findings = explainPool({ pool, nodes: { startTaskFailed: 1, starting: 1, idle: 0, running: 0 } });
    expect(findings.map(({ kind }) => kind)).toEqual(['stop', 'stop', 'wait', 'wait', 'fine']);
    expect(findings[0]?.text).toContain('the last resize of pool p failed: The quota is reached.');
    expect(findings[1]?.next).toContain('L shows its stderr');
    expect(findings.at(-1)?.text).toBe('2 nodes: 0 running tasks, 0 idle');
  });

  it('says that all is well', () => {
    const pool = { id: 'p', currentDedicatedNodes: 2, targetDedicatedNodes: 2 };
    expect(explainPool({ pool, nodes: { idle: 1, running: 1 } })).toEqual([
      {
        kind: 'fine',
        text: '2 nodes: 1 running tasks, 1 idle',
        next: 'u on the pool says since when they are idle',
      },
    ]);
  });
});
