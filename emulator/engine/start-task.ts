import { toTimestamp } from '../clock.ts';
import type { StartTask, StartTaskInformation } from '../model/entities.ts';
import { withStartTaskInfo } from '../model/node.ts';
import { exitFailure } from '../model/task.ts';
import type { ProcessExit, RunningProcess } from '../runner/index.ts';
import { launch } from './launch.ts';
import type { World } from './world.ts';

interface StartTaskRun {
  process: RunningProcess | undefined;
  stopped: boolean;
  gone: Promise<unknown>;
}

/** Runs pools' start tasks on nodes that have just booted. */
export class StartTaskRunner {
  readonly #world: World;
  readonly #runs = new Map<string, StartTaskRun>();

  constructor(world: World) {
    this.#world = world;
  }

  /** Runs the start task, with its retries. The answer is whether it succeeded. */
  async run(poolId: string, nodeId: string, startTask: StartTask): Promise<boolean> {
    const run: StartTaskRun = { process: undefined, stopped: false, gone: Promise.resolve() };
    this.#runs.set(nodeId, run);
    const performing = this.#perform(run, poolId, nodeId, startTask);
    run.gone = performing.catch(() => {});
    try {
      return await performing;
    } finally {
      if (this.#runs.get(nodeId) === run) this.#runs.delete(nodeId);
    }
  }

  /** Kills the node's start task, if one runs. */
  async stop(nodeId: string): Promise<void> {
    const run = this.#runs.get(nodeId);
    if (run === undefined) return;
    run.stopped = true;
    await Promise.all([run.process?.kill(), run.gone]);
  }

  async stopAll(): Promise<void> {
    await Promise.all([...this.#runs.keys()].map((nodeId) => this.stop(nodeId)));
  }

  async #perform(run: StartTaskRun, poolId: string, nodeId: string, startTask: StartTask): Promise<boolean> {
    const limit = startTask.maxTaskRetryCount ?? 0;
    let info: StartTaskInformation = {
      state: 'running',
      startTime: toTimestamp(this.#world.clock.now()),
      retryCount: 0,
    };
    for (;;) {
      this.#show(poolId, nodeId, info);
      const exit = await this.#attempt(run, poolId, nodeId, startTask);
      if (run.stopped) return false;
      const failed = exit.kind !== 'exited' || exit.exitCode !== 0;
      const time = toTimestamp(this.#world.clock.now());
      if (failed && exit.kind === 'exited' && (limit < 0 || info.retryCount < limit)) {
        info = { ...info, startTime: time, lastRetryTime: time, retryCount: info.retryCount + 1 };
        continue;
      }
      this.#show(poolId, nodeId, completed(info, exit, time));
      return !failed;
    }
  }

  #attempt(run: StartTaskRun, poolId: string, nodeId: string, startTask: StartTask): Promise<ProcessExit> {
    const directories = this.#world.directoriesOf(nodeId);
    const { process, ended } = launch(this.#world, startTask.commandLine, {
      poolId,
      nodeId,
      isDedicated: this.#world.nodes.get(poolId, nodeId)?.node.isDedicated ?? true,
      node: directories,
      task: directories.startTask,
      environmentSettings: startTask.environmentSettings,
    });
    run.process = process;
    return ended;
  }

  #show(poolId: string, nodeId: string, info: StartTaskInformation): void {
    const record = this.#world.nodes.get(poolId, nodeId);
    if (record !== undefined) this.#world.nodes.put(withStartTaskInfo(record, info));
  }
}

function completed(info: StartTaskInformation, exit: ProcessExit, time: string): StartTaskInformation {
  const failure =
    exit.kind === 'exited'
      ? exitFailure(exit.exitCode)
      : { category: 'UserError' as const, code: exit.code, message: exit.message };
  return {
    ...info,
    state: 'completed',
    endTime: time,
    ...(exit.kind === 'exited' ? { exitCode: exit.exitCode } : {}),
    ...(failure === undefined ? { result: 'success' } : { failureInfo: failure, result: 'failure' }),
  };
}
