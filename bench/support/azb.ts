import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { addIdleJob, addTasks, sdkClient, taskId, terminateTasks } from './client.ts';
import { type EmulatorProcess, startEmulator } from './emulator.ts';
import { Program, type ProgramOptions } from './terminal.ts';

export const JOB = 'bench';

/** An emulator with a job of so many tasks, a third of them completed when there are few, one in 100 else. */
export async function emulatorWithTasks(tasks: number): Promise<EmulatorProcess> {
  const emulator = await startEmulator();
  const client = sdkClient(emulator);
  await addIdleJob(client, JOB);
  await addTasks(client, JOB, 0, tasks);
  const every = tasks > 20_000 ? 100 : 3;
  const ended = Array.from({ length: Math.floor(tasks / every) }, (_, index) => taskId(index * every));
  await terminateTasks(emulator, JOB, ended);
  return emulator;
}

export interface AzbOptions extends Partial<ProgramOptions> {
  readonly emulator: EmulatorProcess;
  /** An empty folder for its configuration. */
  readonly home: string;
  /** Seconds between two refreshes; 2 unless told. */
  readonly refresh?: number;
  readonly command?: string;
}

/** The built azb's UI on the emulator. */
export function startAzb({ emulator, home, refresh = 2, command, ...options }: AzbOptions): Program {
  mkdirSync(home, { recursive: true });
  return new Program({
    command: process.execPath,
    args: [
      join('bin', 'azb.js'),
      '--refresh',
      String(refresh),
      ...(command === undefined ? [] : ['--command', command]),
    ],
    ...options,
    env: { ...cleanEnv(home), ...emulator.env, ...options.env },
  });
}

/** Nothing of the tester's own account or files. */
export function cleanEnv(home: string): Record<string, string> {
  return {
    HOME: home,
    XDG_CONFIG_HOME: join(home, 'config'),
    XDG_DATA_HOME: join(home, 'data'),
    XDG_STATE_HOME: join(home, 'state'),
    AZURE_CONFIG_DIR: join(home, 'azure'),
  };
}

/** Writes azb's configuration file in that home. */
export function configure(home: string, yaml: string): void {
  mkdirSync(join(home, 'config', 'azb'), { recursive: true });
  writeFileSync(join(home, 'config', 'azb', 'config.yaml'), yaml);
}

/** Resolves when the list of tasks is read to its end, or up to the limit of rows. */
export async function untilTasksHeld(
  azb: Program,
  emulator: EmulatorProcess,
  from: number,
  pages: number,
): Promise<void> {
  const asked = () =>
    emulator.requests.slice(from).filter((line) => / GET \/jobs\/[^/]+\/tasks\?/.test(line)).length;
  await azb.until(() => asked() >= pages, 120_000);
  await azb.quiet(400);
}
