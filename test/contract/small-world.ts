import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Emulator } from '../../emulator/server.ts';
import { CER, THUMBPRINT } from '../support/certificate.ts';
import { makeZip } from '../support/zip.ts';
import { control } from './control.ts';
import { addReadyPool, clientFor, completedTask, startFast, UBUNTU, until } from './support.ts';

/** An operation, as the service's own description has it. */
export interface Operation {
  readonly id: string;
  readonly method: string;
  readonly path: string;
  readonly query: readonly string[];
  readonly headers: readonly string[];
  /** Statuses of answers that are no errors. */
  readonly success: readonly number[];
  /** What a success has in its body; absent where that is nothing, or a file. */
  readonly answer?: string;
}

/** All operations of the service; `node scripts/generate-schema.mjs` writes them. */
export const OPERATIONS: readonly Operation[] = Object.entries(
  JSON.parse(readFileSync(join(import.meta.dirname, 'operations.generated.json'), 'utf8')) as Record<
    string,
    Omit<Operation, 'id'>
  >,
).map(([id, operation]) => ({ id, ...operation }));

/** What stands for each `{name}` of a path. */
export type Names = Readonly<Record<string, string>>;

/** The path of an operation on what there is. */
export function targetOf({ id, path }: Pick<Operation, 'id' | 'path'>, names: Names): string {
  const isOfNode = id.endsWith('FromComputeNode');
  const all: Names = isOfNode ? { ...names, filePath: 'startup/stdout.txt' } : names;
  return path.replace(/\{(\w+)\}/g, (_, name: string) => all[name] ?? 'none');
}

/** An emulator that has one or two of everything. */
export async function startSmallWorld(): Promise<{ emulator: Emulator; names: Names }> {
  const emulator = await startFast();
  const client = clientFor(emulator);
  const extensions = [{ name: 'ext', publisher: 'a', type: 'b' }];
  await addReadyPool(client, 'p', 2, {
    virtualMachineConfiguration: { ...UBUNTU, extensions },
    startTask: { commandLine: "/bin/sh -c 'echo out'" },
    enableInterNodeCommunication: true,
  });
  await addReadyPool(client, 'q', 0);
  await client.pool.add({
    id: 'scaled',
    vmSize: 'standard_d2_v2',
    virtualMachineConfiguration: UBUNTU,
    enableAutoScale: true,
    autoScaleFormula: '$TargetDedicatedNodes = 0;',
  });
  const [node] = await client.computeNode.list('p');
  await client.computeNode.addUser('p', node?.id ?? '', { name: 'me', password: 'x' });
  await client.job.add({
    id: 'j',
    poolInfo: { poolId: 'p' },
    jobPreparationTask: { commandLine: 'true' },
  });
  await client.job.add({ id: 'k', poolInfo: { poolId: 'q' } });
  for (const id of ['t', 't2'])
    await client.task.add('j', { id, commandLine: "/bin/sh -c 'echo out; exit 1'" });
  const multiInstanceSettings = { numberOfInstances: 2, coordinationCommandLine: 'true' };
  await client.task.add('j', { id: 'twice', commandLine: 'true', multiInstanceSettings });
  for (const id of ['t', 't2', 'twice']) await completedTask(client, 'j', id);
  for (const id of ['s', 's2']) {
    await client.jobSchedule.add({
      id,
      schedule: { recurrenceInterval: 'PT1H' },
      jobSpecification: { poolInfo: { poolId: 'q' } },
    });
  }
  await until(
    () => client.job.listFromJobSchedule('s'),
    (jobs) => jobs.length === 1,
  );
  await client.certificate.add({
    thumbprint: THUMBPRINT,
    thumbprintAlgorithm: 'sha1',
    data: CER,
    certificateFormat: 'cer',
  });
  const archive = new Uint8Array(makeZip([{ name: 'a', content: 'x' }]));
  for (const tool of ['tool', 'tool2']) {
    await control(emulator, 'PUT', `applications/${tool}/versions/1`, archive);
  }
  const names = {
    poolId: 'p',
    nodeId: node?.id ?? '',
    jobId: 'j',
    taskId: 't',
    filePath: 'stdout.txt',
    jobScheduleId: 's',
    thumbprintAlgorithm: 'sha1',
    thumbprint: THUMBPRINT,
    applicationId: 'tool',
    userName: 'me',
    extensionName: 'ext',
  };
  return { emulator, names };
}
