import { Agent, request as httpRequest } from 'node:http';
import azureBatch from '@azure/batch';
import { stringToSign } from '../../emulator/http/shared-key.ts';
import { sign } from '../../emulator/http/signature.ts';
import type { EmulatorProcess } from './emulator.ts';

const { BatchServiceClient, BatchSharedKeyCredentials } = azureBatch;

export type SdkClient = InstanceType<typeof BatchServiceClient>;

/** The real SDK's client; connections are kept. */
export function sdkClient(emulator: EmulatorProcess): SdkClient {
  const credentials = new BatchSharedKeyCredentials(emulator.account, emulator.key);
  return new BatchServiceClient(credentials, emulator.endpoint, {
    noRetryPolicy: true,
    agentSettings: { http: new Agent({ keepAlive: true }), https: new Agent({ keepAlive: true }) as never },
  });
}

export interface RawAnswer {
  readonly status: number;
  readonly text: string;
}

/** Asks without any SDK, so that the time measured is the service's. */
export function rawClient(
  emulator: EmulatorProcess,
): (target: string, method?: string) => Promise<RawAnswer> {
  const agent = new Agent({ keepAlive: true });
  const { hostname, port } = new URL(emulator.endpoint);
  return (target, method = 'GET') => {
    const path = `${target}${target.includes('?') ? '&' : '?'}api-version=2022-10-01.16.0`;
    const headers: Record<string, string> = { 'ocp-date': new Date().toUTCString() };
    if (method !== 'GET') headers['content-length'] = '0';
    const text = stringToSign({ method, rawUrl: path, headers }, emulator.account);
    headers.authorization = `SharedKey ${emulator.account}:${sign(text, emulator.key)}`;
    return new Promise((resolve, reject) => {
      const request = httpRequest({ hostname, port, path, method, headers, agent }, (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('error', reject);
        response.on('end', () =>
          resolve({ status: response.statusCode ?? 0, text: Buffer.concat(chunks).toString() }),
        );
      });
      request.on('error', reject);
      request.end();
    });
  };
}

/** An empty pool and a job on it, so that tasks added stay as they are. */
export async function addIdleJob(client: SdkClient, job: string): Promise<void> {
  await client.pool.add({
    id: `${job}-pool`,
    vmSize: 'standard_d2_v2',
    virtualMachineConfiguration: {
      imageReference: { publisher: 'canonical', offer: 'ubuntuserver', sku: '18.04-lts' },
      nodeAgentSKUId: 'batch.node.ubuntu 18.04',
    },
    targetDedicatedNodes: 0,
  });
  await client.job.add({ id: job, poolInfo: { poolId: `${job}-pool` } });
}

/** The id of the nth task that {@link addTasks} adds. */
export function taskId(number: number): string {
  return `task-${String(number).padStart(7, '0')}`;
}

const CALLS_AT_A_TIME = 6;

/** Adds tasks `first` to `last` (excluded) with addtaskcollection, 100 a call. @throws when one is refused. */
export async function addTasks(client: SdkClient, job: string, first: number, last: number): Promise<void> {
  let next = first;
  const worker = async () => {
    while (next < last) {
      const from = next;
      next = Math.min(last, from + 100);
      const tasks = Array.from({ length: next - from }, (_, index) => ({
        id: taskId(from + index),
        commandLine: `/bin/sh -c 'process --part ${from + index}'`,
      }));
      const { value = [] } = await client.task.addCollection(job, tasks);
      const refused = value.find((each) => each.status?.toLowerCase() !== 'success');
      if (refused !== undefined) throw new Error(`${refused.taskId}: ${refused.error?.code}`);
    }
  };
  await Promise.all(Array.from({ length: CALLS_AT_A_TIME }, worker));
}

/** Ends some tasks, so that there are completed ones among the active. */
export async function terminateTasks(
  emulator: EmulatorProcess,
  job: string,
  ids: Iterable<string>,
): Promise<void> {
  const ask = rawClient(emulator);
  const queue = ids[Symbol.iterator]();
  const worker = async () => {
    for (let each = queue.next(); each.done !== true; each = queue.next()) {
      const { status, text } = await ask(`/jobs/${job}/tasks/${each.value}/terminate`, 'POST');
      if (status !== 204) throw new Error(`${each.value}: ${text}`);
    }
  };
  await Promise.all(Array.from({ length: 16 }, worker));
}
