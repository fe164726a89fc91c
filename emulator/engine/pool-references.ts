import { BatchFault } from '../errors.ts';
import type { Pool } from '../model/entities.ts';
import type { World } from './world.ts';

/** Refuses a pool, or changes of one, that name packages or certificates which the account does not have. */
export function checkPoolReferences(world: World, members: Partial<Pool>): void {
  refuseMissing(
    'InvalidApplicationPackageReferences',
    'The specified application package does not exist.',
    (members.applicationPackageReferences ?? [])
      .filter((each) => world.applications.resolve(each) === undefined)
      .map(({ applicationId }) => applicationId),
  );
  refuseMissing(
    'InvalidCertificateReferences',
    'The specified certificate does not exist.',
    (members.certificateReferences ?? [])
      .filter(({ thumbprint }) => world.certificates.get(thumbprint)?.state !== 'active')
      .map(({ thumbprint, thumbprintAlgorithm }) => `${thumbprintAlgorithm}-${thumbprint}`),
  );
}

function refuseMissing(
  code: 'InvalidApplicationPackageReferences' | 'InvalidCertificateReferences',
  reason: string,
  names: readonly string[],
): void {
  if (names.length > 0) throw new BatchFault(code, Object.fromEntries(names.map((name) => [name, reason])));
}
