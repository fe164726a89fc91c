import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { LaunchFacts } from './launch.ts';
import type { World } from './world.ts';

/**
 * Puts the certificates that the pool gives its nodes where the task is told to look for them, by the names that they
 * have on the service's Linux nodes: `sha1-THUMBPRINT.pfx` with the password beside it in `….pfx.pw`, or `….cer`.
 * @see https://learn.microsoft.com/rest/api/batchservice/pool/add#certificatereference
 */
export async function placeCertificates(
  world: World,
  facts: Pick<LaunchFacts, 'poolId' | 'nodeId' | 'jobId' | 'task'>,
): Promise<void> {
  const references = world.nodes.get(facts.poolId, facts.nodeId)?.node.certificateReferences ?? [];
  const audience = facts.jobId === undefined ? 'starttask' : 'task';
  for (const { thumbprint, thumbprintAlgorithm, visibility } of references) {
    if (visibility !== undefined && !visibility.includes(audience)) continue;
    const file = await world.certificateFiles.get(thumbprint);
    if (file === undefined) continue;
    const name = `${thumbprintAlgorithm.toLowerCase()}-${thumbprint.toLowerCase()}.${file.format}`;
    const path = join(facts.task.certificates, name);
    await writeFile(path, Buffer.from(file.data, 'base64'), { mode: 0o600 });
    if (file.format === 'pfx') await writeFile(`${path}.pw`, file.password ?? '', { mode: 0o600 });
  }
}
