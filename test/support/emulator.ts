import { createBatchPort } from '../../src/api/batch.ts';
import type { BatchPort } from '../../src/api/port.ts';
import { findStorage } from '../../src/config/find-storage.ts';
import type { Entity } from '../../src/resources/types.ts';
import { startAzb } from './azb-process.ts';
import { until } from './until.ts';

/** The built emulator as a process, and azb's own adapter to prepare its account with. */
export interface TestEmulator {
  /** What it tells shells to export. */
  readonly env: Readonly<Record<string, string>>;
  readonly endpoint: string;
  readonly port: BatchPort;
  /** Sends a signal and waits for the process to be gone; fails when SIGTERM does not end it in order. */
  end(signal: NodeJS.Signals): Promise<void>;
}

/** A signal for requests that nothing aborts. */
export const NEVER = new AbortController().signal;

/** Starts `azb emulator`; on a free port unless the arguments name one. */
export async function startTestEmulator(...args: readonly string[]): Promise<TestEmulator> {
  const port = args.includes('--port') ? [] : ['--port', '0'];
  const started = startAzb(['emulator', ...port, ...args]);
  await started.untilOutput(/export AZURE_STORAGE_CONNECTION_STRING=.*\n/);
  const env = Object.fromEntries(
    [...started.out().matchAll(/^export (\w+)=('?)(.*)\2$/gm)].map(([, name = '', , value = '']) => [
      name,
      value,
    ]),
  );
  const endpoint = env.AZURE_BATCH_ENDPOINT ?? '';
  return {
    env,
    endpoint,
    port: createBatchPort(
      {
        name: env.AZURE_BATCH_ACCOUNT ?? '',
        endpoint,
        credential: { kind: 'shared key', key: env.AZURE_BATCH_ACCESS_KEY ?? '' },
        source: 'test',
      },
      undefined,
      {
        settings: findStorage([{ label: 'test', text: env.AZURE_STORAGE_CONNECTION_STRING }], undefined),
      },
    ),
    end: async (signal) => {
      started.child.kill(signal);
      const { code, err } = await started.ended;
      if (signal === 'SIGTERM' && code !== 0)
        throw new Error(`the emulator ended with ${code}: …${err.slice(-1500)}`);
    },
  };
}

/** The body of a pool with that many dedicated nodes. */
export function poolBody(id: string, nodes: number): Entity {
  return {
    id,
    vmSize: 'standard_a1_v2',
    targetDedicatedNodes: nodes,
    virtualMachineConfiguration: {
      imageReference: { publisher: 'canonical', offer: 'ubuntuserver', sku: '18.04-lts' },
      nodeAgentSKUId: 'batch.node.ubuntu 18.04',
    },
  };
}

/** Adds a pool without nodes, where no task ever runs, and a job with tasks of these ids. */
export async function addIdleJob(
  { port }: TestEmulator,
  job: string,
  taskIds: readonly string[],
): Promise<void> {
  const pool = `${job}-pool`;
  await port.add('pools', {}, poolBody(pool, 0), NEVER);
  await port.add('jobs', {}, { id: job, poolInfo: { poolId: pool } }, NEVER);
  await addTasks(
    port,
    job,
    taskIds.map((id) => ({ id, commandLine: 'true' })),
  );
  await until(
    () => port.get('pools', {}, pool, NEVER) as Promise<{ allocationState?: string }>,
    (found) => found.allocationState === 'steady',
  );
}

/** Adds tasks, all of which must be accepted. */
export async function addTasks(port: BatchPort, job: string, bodies: readonly Entity[]): Promise<void> {
  for (const outcome of await port.addTasks(job, bodies, NEVER)) {
    if (!outcome.ok) throw new Error(`${outcome.id}: ${outcome.code}: ${outcome.message}`);
  }
}
