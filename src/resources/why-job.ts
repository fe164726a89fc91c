import {
  count,
  countOf,
  type Finding,
  jobHindrances,
  ordered,
  type Place,
  placeHindrances,
  type WhyJob,
} from './why.ts';

/** What {@link explainJob} goes by. */
export interface JobFacts {
  readonly job: WhyJob;
  readonly place: Place;
  readonly tasks: { readonly active: number; readonly running: number; readonly completed: number };
}

/** Why the tasks of a job do not run. */
export function explainJob({ job, place, tasks }: JobFacts): Finding[] {
  const hindrances = [...jobHindrances(job), ...limitHindrance(job, tasks.running)];
  const summary = taskSummary(tasks);
  if (tasks.active === 0) return ordered([...hindrances, summary]);
  const all = [...hindrances, ...placeHindrances(place)];
  if (all.some(({ kind }) => kind === 'stop')) return [...ordered(all), summary];
  return [...ordered([...all, ...idleFinding(job, place)]), summary];
}

function taskSummary({ active, running, completed }: JobFacts['tasks']): Finding {
  if (active + running + completed === 0)
    return { kind: 'fine', text: 'the job has no tasks', next: 'n on its tasks adds some' };
  const text = `${count(active, 'task')} waiting, ${running} running, ${completed} completed`;
  return { kind: 'fine', text };
}

/** At its own limit a job takes no further places, whoever has some. */
export function limitHindrance({ maxParallelTasks }: WhyJob, running: number): Finding[] {
  if (maxParallelTasks === undefined || maxParallelTasks < 0 || running < maxParallelTasks) return [];
  const text = `the job runs at most ${count(maxParallelTasks, 'task')} at a time, and ${running} do`;
  return [{ kind: 'wait', text, next: 'e changes maxParallelTasks' }];
}

/** Tasks that wait beside idle nodes wait for something of their own. */
function idleFinding(job: WhyJob, { nodes }: Place): Finding[] {
  const idle = countOf(nodes, 'idle');
  if (idle === 0) return [];
  if (job.usesTaskDependencies === true) {
    const text = `${count(idle, 'node')} idle: the tasks that wait may depend on others`;
    return [{ kind: 'wait', text, next: 'w on a task says on which' }];
  }
  return [{ kind: 'fine', text: `${count(idle, 'node')} idle: tasks should start within seconds` }];
}
