import { randomUUID } from 'node:crypto';
import { mkdirSync, renameSync } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { dirname, join, posix } from 'node:path';

/** Absolute paths of one task on a node. */
export interface TaskDirectory {
  /** Path of `root` from the node's root, with `/`, as `nodeInfo.taskRootDirectory` shows it. */
  readonly relative: string;
  readonly root: string;
  readonly working: string;
  readonly certificates: string;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * The directories of one compute node below `root`, laid out as on the service.
 * https://learn.microsoft.com/azure/batch/files-and-directories
 */
export class NodeDirectories {
  readonly root: string;
  readonly applications: string;
  readonly mounts: string;
  readonly shared: string;
  readonly volatile: string;
  readonly workItems: string;
  readonly startTask: TaskDirectory;

  constructor(root: string) {
    this.root = root;
    this.applications = join(root, 'applications');
    this.mounts = join(root, 'fsmounts');
    this.shared = join(root, 'shared');
    this.volatile = join(root, 'volatile');
    this.workItems = join(root, 'workitems');
    this.startTask = this.#taskDirectory('startup');
  }

  /** The directory of a task, or of a preparation or release task by that task's id. */
  task(jobId: string, taskId: string): TaskDirectory {
    return this.#taskDirectory(posix.join(jobPath(jobId), segment(taskId)));
  }

  /** The directory of another instance of a multi-instance task than the first. */
  subtask(jobId: string, taskId: string, subtaskId: number): TaskDirectory {
    return this.#taskDirectory(posix.join(jobPath(jobId), segment(taskId), String(subtaskId)));
  }

  /** The directory that holds all tasks of a job on this node. */
  job(jobId: string): string {
    return join(this.root, jobPath(jobId));
  }

  /** Where version `version` of an application package is unpacked. */
  applicationPackage(applicationId: string, version: string): string {
    return join(this.applications, segment(applicationId.toLowerCase()), segment(version));
  }

  /** Creates the node's own directories, the start task's included. */
  async create(): Promise<void> {
    for (const path of [this.applications, this.mounts, this.shared, this.volatile, this.workItems]) {
      await mkdir(path, { recursive: true });
    }
    await this.createTask(this.startTask);
  }

  /** Creates a task's directories; what an earlier attempt left there stays. */
  async createTask(task: TaskDirectory): Promise<void> {
    await mkdir(task.working, { recursive: true });
    await mkdir(task.certificates, { recursive: true });
  }

  /** Removes a task's directory with all it holds. */
  async removeTask(jobId: string, taskId: string): Promise<void> {
    await this.#discard(this.task(jobId, taskId).root);
  }

  /** Removes a job's directory with all it holds. */
  async removeJob(jobId: string): Promise<void> {
    await this.#discard(this.job(jobId));
  }

  /** Removes the node with all it holds, also while the last of its directories is still being made. */
  async remove(): Promise<void> {
    await this.#discard(this.root);
  }

  /**
   * Removes a directory, which is out of the way before the call returns: another task of the same name may take its
   * place while the files of the one before are still being removed.
   */
  async #discard(path: string): Promise<void> {
    const trash = trashDirectory(dirname(this.root));
    const discarded = join(trash, randomUUID());
    try {
      mkdirSync(trash, { recursive: true });
      renameSync(path, discarded);
    } catch (error) {
      // A task may also have put something else in the place of a directory above it.
      if (['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) return;
      throw error;
    }
    // What is still written into it makes a directory seem not empty for a moment.
    await rm(discarded, { recursive: true, force: true, maxRetries: 10, retryDelay: 10 });
  }

  #taskDirectory(relative: string): TaskDirectory {
    const root = join(this.root, relative);
    return {
      relative,
      root,
      working: join(root, 'wd'),
      certificates: join(root, 'certs'),
      stdout: join(root, 'stdout.txt'),
      stderr: join(root, 'stderr.txt'),
    };
  }
}

/** Where directories are while they are being removed, beside those of the nodes. It may be removed at any start. */
export function trashDirectory(nodesDirectory: string): string {
  return join(nodesDirectory, '.removed');
}

/** A job of a schedule is named `schedule:job-N` and lives in the schedule's directory; any other has run 1. */
function jobPath(jobId: string): string {
  const colon = jobId.lastIndexOf(':');
  if (colon < 0) return posix.join('workitems', segment(jobId), 'job-1');
  return posix.join('workitems', segment(jobId.slice(0, colon)), segment(jobId.slice(colon + 1)));
}

/** Ids are checked where they enter; one that could leave its directory must still never become a path. */
function segment(text: string): string {
  if (text === '' || text === '.' || text === '..' || /[/\\\0]/.test(text)) {
    throw new RangeError(`'${text}' cannot be the name of a directory`);
  }
  return text;
}
