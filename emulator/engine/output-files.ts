import { appendFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { toTimestamp } from '../clock.ts';
import type { FailureInformation } from '../model/failures.ts';
import { type FileFailureCode, fileFailure } from '../model/file-failures.ts';
import type { OutputFile } from '../model/task-files.ts';
import { findFiles } from '../runner/file-pattern.ts';
import type { TaskDirectory } from '../runner/index.ts';
import { hasWildcard } from '../runner/wildcard.ts';
import { BlobContainer, withoutQuery } from '../storage/blob-container.ts';
import { asTransferError, type TransferError } from '../storage/transfer.ts';
import type { World } from './world.ts';

/** A task whose process has ended. */
export interface FinishedTask {
  readonly outputFiles?: readonly OutputFile[] | undefined;
  readonly succeeded: boolean;
  readonly directory: TaskDirectory;
  /** The node's directory: nothing outside of it is uploaded. */
  readonly nodeRoot: string;
  /** What `$NAME` in patterns stands for. */
  readonly environment: Readonly<Record<string, string>>;
}

/**
 * Uploads the files that a task asks for, and writes what became of it to fileuploadout.txt and fileuploaderr.txt
 * beside the task's own outputs. The answer is the first failure, after which the others are still tried.
 * @see https://learn.microsoft.com/azure/batch/batch-task-output-files
 */
export async function uploadOutputFiles(
  world: World,
  task: FinishedTask,
  signal: AbortSignal,
): Promise<FailureInformation | undefined> {
  const wanted = (task.outputFiles ?? []).filter((file) => isWanted(file, task.succeeded));
  if (wanted.length === 0) return undefined;
  try {
    const log = new UploadLog(world, task.directory);
    await log.begin();
    let failure: FailureInformation | undefined;
    for (const file of wanted) {
      const failed = await uploadMatches(world, task, file, log, signal);
      failure ??= failed;
    }
    return failure;
  } catch (error) {
    // What the task has made of its directory can leave no place for the log.
    if ((error as NodeJS.ErrnoException).syscall === undefined) throw error;
    return fileFailure('FileUploadMiscError', { Message: (error as Error).message });
  }
}

function isWanted({ uploadOptions }: OutputFile, succeeded: boolean): boolean {
  const { uploadCondition } = uploadOptions;
  return uploadCondition === 'taskcompletion' || (uploadCondition === 'tasksuccess') === succeeded;
}

async function uploadMatches(
  world: World,
  task: FinishedTask,
  file: OutputFile,
  log: UploadLog,
  signal: AbortSignal,
): Promise<FailureInformation | undefined> {
  const { container: destination } = file.destination;
  if (destination === undefined) return undefined;
  const pattern = expand(file.filePattern, task.environment);
  const { containerUrl, path = '' } = destination;
  const headers = Object.fromEntries(
    (destination.uploadHeaders ?? []).map(({ name, value = '' }) => [name, value]),
  );
  const container = new BlobContainer(containerUrl, { signal, idleMs: world.options.transferIdleMs });
  const place = { working: task.directory.working, root: task.nodeRoot };
  let count = 0;
  try {
    for await (const found of findFiles(pattern, place)) {
      const name = blobName(path, found.name, hasWildcard(pattern));
      await log.out(`Uploading ${found.path} (${found.size} bytes) to ${container.display(name)}`);
      await container.upload(name, found.path, found.size, headers);
      count += 1;
    }
  } catch (error) {
    const problem = asTransferError(error);
    await log.error(`${file.filePattern}: ${problem.message}`);
    return fileFailure(codeOf(problem), {
      FilePattern: file.filePattern,
      ContainerUrl: withoutQuery(containerUrl),
      Message: problem.message,
    });
  }
  await log.out(`${file.filePattern}: ${count === 0 ? 'no file matches' : `${count} uploaded`}`);
  return undefined;
}

/** The name of a blob: a pattern's files go into a directory, a single file gets the path for its name. */
function blobName(path: string, name: string, isPattern: boolean): string {
  const prefix = path.replace(/^\/+|\/+$/g, '');
  if (prefix === '') return name;
  return isPattern ? `${prefix}/${name}` : prefix;
}

/** Environment variables of the task, as `$NAME` or `${NAME}`; one that is not set stands for nothing. */
function expand(pattern: string, environment: Readonly<Record<string, string>>): string {
  return pattern.replace(
    /\$(?:\{(\w+)\}|(\w+))/g,
    (_whole, braced?: string, bare?: string) => environment[braced ?? bare ?? ''] ?? '',
  );
}

function codeOf({ status, code }: TransferError): FileFailureCode {
  if (status === 404 || code === 'ContainerNotFound') return 'FileUploadContainerNotFound';
  return status === 401 || status === 403 ? 'FileUploadAccessDenied' : 'FileUploadMiscError';
}

/** The two files that tell of a task's uploads. They are there as soon as the first upload is tried. */
class UploadLog {
  readonly #world: World;
  readonly #outPath: string;
  readonly #errorPath: string;

  constructor(world: World, directory: TaskDirectory) {
    this.#world = world;
    this.#outPath = join(directory.root, 'fileuploadout.txt');
    this.#errorPath = join(directory.root, 'fileuploaderr.txt');
  }

  async begin(): Promise<void> {
    for (const path of [this.#outPath, this.#errorPath]) await writeFile(path, '');
  }

  out(line: string): Promise<void> {
    return this.#write(this.#outPath, line);
  }

  error(line: string): Promise<void> {
    return this.#write(this.#errorPath, line);
  }

  #write(path: string, line: string): Promise<void> {
    return appendFile(path, `${toTimestamp(this.#world.clock.now())} ${line}\n`);
  }
}
