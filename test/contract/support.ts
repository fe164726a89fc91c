import { readFileSync } from 'node:fs';
import azureBatch from '@azure/batch';
import { type Emulator, type EmulatorOptions, startEmulator } from '../../emulator/server.ts';
import { type BatchConnection, createBatchPort } from '../../src/api/batch.ts';

const { BatchServiceClient, BatchSharedKeyCredentials } = azureBatch;

export type BatchClient = InstanceType<typeof BatchServiceClient>;

/** What a client needs to know of an emulator. */
export type Address = Pick<Emulator, 'endpoint' | 'account' | 'key'>;

/** The real SDK's client for an emulator, or for one with another key. */
export function clientFor(emulator: Address, key = emulator.key): BatchClient {
  const credentials = new BatchSharedKeyCredentials(emulator.account, key);
  return new BatchServiceClient(credentials, emulator.endpoint, { noRetryPolicy: true });
}

/** azb's own port to an emulator, or to one with another key. */
export function portTo(emulator: Address, key = emulator.key): BatchConnection {
  const { account: name, endpoint } = emulator;
  return createBatchPort({ name, endpoint, credential: { kind: 'shared key', key }, source: 'test' });
}

/** A client that shows a token instead of signing, for an emulator that was started to take any. */
export function tokenClientFor(emulator: Address): BatchClient {
  const credentials: ConstructorParameters<typeof BatchServiceClient>[0] = {
    signRequest: async (request) => {
      request.headers.set('Authorization', 'Bearer any');
      return request;
    },
  };
  return new BatchServiceClient(credentials, emulator.endpoint, { noRetryPolicy: true });
}

/** An emulator whose simulated delays are short, that fails the test on any problem inside. */
export async function startFast(options: EmulatorOptions = {}): Promise<Emulator> {
  return startEmulator({
    speed: 40,
    onProblem: (problem) => {
      throw problem;
    },
    ...options,
  });
}

const GIVE_UP_MS = 90_000;

/** Asks again and again until the answer satisfies; fails with the last answer when it never does. */
export async function until<T>(ask: () => Promise<T>, satisfied: (answer: T) => boolean): Promise<T> {
  const deadline = Date.now() + GIVE_UP_MS;
  for (;;) {
    const answer = await ask();
    if (satisfied(answer)) return answer;
    if (Date.now() > deadline) throw new Error(`still ${JSON.stringify(answer)}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

export const UBUNTU = {
  imageReference: { publisher: 'canonical', offer: 'ubuntuserver', sku: '18.04-lts' },
  nodeAgentSKUId: 'batch.node.ubuntu 18.04',
};

/** Adds a pool and waits until its nodes take tasks. */
export async function addReadyPool(client: BatchClient, id: string, nodes: number, extra: object = {}) {
  await client.pool.add({
    id,
    vmSize: 'standard_d2_v2',
    virtualMachineConfiguration: UBUNTU,
    targetDedicatedNodes: nodes,
    ...extra,
  });
  await until(
    async () => (await client.computeNode.list(id)).map((node) => node.state),
    (states) => states.length === nodes && states.every((state) => state === 'idle'),
  );
}

/** Waits until the task is completed, and gives it. */
export function completedTask(client: BatchClient, jobId: string, taskId: string) {
  return until(
    () => client.task.get(jobId, taskId),
    (task) => task.state === 'completed',
  );
}

/** Waits until the task runs, and gives it. */
export function runningTask(client: BatchClient, jobId: string, taskId: string) {
  return until(
    () => client.task.get(jobId, taskId),
    (task) => task.state === 'running',
  );
}

/** Waits until the job is in a state, and gives it. */
export function jobInState(client: BatchClient, id: string, state: string) {
  return until(
    () => client.job.get(id),
    (job) => job.state === state,
  );
}

export async function readText(stream: NodeJS.ReadableStream | undefined): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream ?? []) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks).toString('utf8');
}

/** The refusal that a call ends in: its status, the service's code, and the values by key. */
export async function refusal(call: Promise<unknown>) {
  try {
    await call;
  } catch (error) {
    const { statusCode, code, body } = error as {
      statusCode?: number;
      code?: string;
      body?: { values?: { key: string; value: string }[] };
    };
    return {
      statusCode,
      code,
      values: Object.fromEntries((body?.values ?? []).map((v) => [v.key, v.value])),
    };
  }
  throw new Error('The call was not refused.');
}

/** Whether the process runs. One that has ended and waits for its parent to notice does not. */
export function isAlive(pid: string | number): boolean {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return !/^[ZX]/.test(stat.slice(stat.lastIndexOf(')') + 2));
  } catch {
    return false;
  }
}
