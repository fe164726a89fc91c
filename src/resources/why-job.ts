import { ageText, counted, countText } from '../lib/units.ts';
import { type Pace, rateText, timeLeft } from './pace.ts';
import {
  countOf,
  type Finding,
  jobHindrances,
  limitHindrance,
  ordered,
  type Place,
  placeHindrances,
  type WhyJob,
} from './why.ts';
import { endOf, type WhyTask } from './why-task.ts';
import { sameWord } from './wire.ts';

/** What {@link explainJob} goes by. */
export interface JobFacts {
  readonly job: WhyJob;
  readonly place: Place;
  readonly tasks: {
    readonly active: number;
    readonly running: number;
    readonly completed: number;
    readonly failed: number;
  };
  /** The task that the job's manager runs as; undefined where there is none, or none yet. */
  readonly manager?: WhyTask | undefined;
  /** How fast its tasks end, as its progress tells it; undefined before that is known. */
  readonly pace?: Pace | undefined;
}

/** Why the tasks of a job do not run, or what became of them: how it stands comes first, then the gravest. */
export function explainJob(facts: JobFacts): Finding[] {
  return [taskSummary(facts), ...hindrancesOf(facts), ...failedFinding(facts)];
}

function hindrancesOf(facts: JobFacts): Finding[] {
  const { job, place, tasks } = facts;
  const hindrances = [
    ...managerFindings(facts),
    ...jobHindrances(job),
    ...limitHindrance(job, tasks.running),
  ];
  if (tasks.active === 0) return ordered(hindrances);
  const all = [...hindrances, ...placeHindrances(place)];
  if (all.some(({ kind }) => kind === 'stop')) return ordered(all);
  return ordered([...all, ...idleFinding(job, place)]);
}

/** The service completes a job alike whether its manager did well or not: that it failed is seen in its task only. */
function managerFindings({ manager }: JobFacts): Finding[] {
  if (manager === undefined || !hasFailed(manager)) return [];
  const [first, ...rest] = endOf(manager);
  const text = `the job manager, task ${manager.id}: ${first?.text}`;
  return [
    {
      kind: 'stop',
      text,
      next: 'enter on the job, and on that task shift-l for its stderr, l for its stdout',
    },
    ...rest,
  ];
}

function hasFailed({ state, executionInfo }: WhyTask): boolean {
  return sameWord(state, 'completed') && sameWord(executionInfo?.result, 'failure');
}

/** Of the failed tasks those of which nothing is said yet. */
function failedFinding({ tasks, manager }: JobFacts): Finding[] {
  const others = tasks.failed - (manager !== undefined && hasFailed(manager) ? 1 : 0);
  if (others <= 0) return [];
  const text = `${counted(others, 'task')} failed`;
  return [
    {
      kind: 'stop',
      text,
      next: 'enter on the job, and there v for the failures in groups, s for what they wrote',
    },
  ];
}

/** In one line, so that it is seen however much follows, and however low the terminal is. */
function taskSummary({ job, tasks, pace }: JobFacts): Finding {
  const { active, running, completed, failed } = tasks;
  const total = active + running + completed;
  if (total === 0) return { kind: 'fine', text: 'the job has no tasks', next: 'n on its tasks adds some' };
  const share = Math.floor((completed / total) * 100);
  const which = completed === 1 ? 'it' : `${countText(failed)} of them`;
  const ofThem = failed === 0 ? '' : ` (${which} failed)`;
  const parts = [
    `${countText(completed)} of ${counted(total, 'task')} ended, ${share}%${ofThem}`,
    `${countText(running)} running`,
    `${countText(active)} waiting`,
  ];
  return { kind: 'fine', text: parts.join(', ') + paceText(job.state, tasks, pace) };
}

/** `: 12 a minute, about 5m20s left`; nothing where no task has ended. */
function paceText(state: string | undefined, tasks: JobFacts['tasks'], pace: Pace | undefined): string {
  if (pace === undefined || pace.perMinute <= 0 || tasks.active + tasks.running === 0) return '';
  const left = timeLeft(state, tasks, pace);
  return `: ${rateText(pace)}${left === undefined ? '' : `, about ${ageText(left)} left`}`;
}

/** Tasks that wait beside idle nodes wait for something of their own. */
function idleFinding(job: WhyJob, { nodes }: Place): Finding[] {
  const idle = countOf(nodes, 'idle');
  if (idle === 0) return [];
  if (job.usesTaskDependencies === true) {
    const text = `${counted(idle, 'node')} idle: the tasks that wait may depend on others`;
    return [{ kind: 'wait', text, next: 'w on a task says on which' }];
  }
  return [{ kind: 'fine', text: `${counted(idle, 'node')} idle: tasks should start within seconds` }];
}
