import type { BatchPort, FileFacts, FileRef } from '../../api/port.ts';
import { AzbError, ServiceError, UsageError } from '../../lib/errors.ts';
import type { Arguments } from '../command-line.ts';
import type { ShellContext } from './context.ts';
import { readBetween, tailStart } from './file-ranges.ts';
import { followFile } from './follow.ts';

/** `azb logs`: prints a file of a task as it is, byte for byte, or follows it while it grows. */
export async function logs(args: Arguments, context: ShellContext): Promise<number> {
  const [target = '', path = 'stdout.txt'] = args.operands;
  const file = fileFrom(target, path);
  const tail = args.number('tail');
  const port = await context.connect();
  if (args.flag('follow')) {
    await followFile(port, file, {
      tail,
      output: context.stdout,
      notes: context.stderr,
      signal: context.signal,
    });
    return 0;
  }
  const { size, isDirectory } = await stat(port, file, context.signal);
  if (isDirectory)
    throw new AzbError(`${path} is a directory`, {
      next: `azb get files -j ${file.job} -t ${file.task} --recursive`,
    });
  const start = tail === undefined ? 0 : await tailStart(port, file, size, tail, context.signal);
  for await (const bytes of readBetween(port, file, start, size, context.signal)) {
    await context.stdout.write(bytes);
  }
  return 0;
}

/** A missing file may be a missing task, which only the task itself can tell. */
async function stat(port: BatchPort, file: TaskFile, signal: AbortSignal): Promise<FileFacts> {
  try {
    return await port.statFile(file, signal);
  } catch (cause) {
    if (!(cause instanceof ServiceError) || (cause.status !== 404 && cause.status !== 409)) throw cause;
    const task: Task = await port.get('tasks', { job: file.job }, file.task, signal);
    if (task.state === 'completed') throw neverWritten(file, task, cause);
    throw new AzbError(`${file.path} does not exist yet: the task is ${task.state ?? 'not known'}`, {
      next: `azb logs ${file.job}/${file.task} ${file.path} -f, which waits for it`,
      cause,
    });
  }
}

interface Task {
  readonly state?: string;
  readonly executionInfo?: { readonly failureInfo?: { readonly code?: string; readonly message?: string } };
}

/** A task that failed before it began wrote nothing: what it failed of is what is wanted to be known. */
function neverWritten({ job, task, path }: TaskFile, { executionInfo }: Task, cause: unknown): AzbError {
  const { code, message = '' } = executionInfo?.failureInfo ?? {};
  const why = code === undefined ? '' : `: the task failed, ${code} ${message}`.trimEnd();
  return new AzbError(`${path} does not exist${why}`, {
    next: `azb get files -j ${job} -t ${task} --recursive, or azb get task ${task} -j ${job} -o yaml`,
    cause,
  });
}

type TaskFile = Extract<FileRef, { kind: 'task' }>;

function fileFrom(target: string, path: string): TaskFile {
  const [job = '', task = '', ...rest] = target.split('/');
  if (job === '' || task === '' || rest.length > 0) {
    throw new UsageError(`${target} does not name a task`, { next: `azb logs JOB/TASK [FILE]` });
  }
  return { kind: 'task', job, task, path };
}
