import type { CertificateFile } from '../certificates/certificate-files.ts';
import { toTimestamp } from '../clock.ts';
import { BatchFault } from '../errors.ts';
import type { Certificate } from '../model/entities.ts';
import type { CertificateReference } from '../model/pool-parts.ts';
import type { World } from './world.ts';

interface CertificateUser {
  readonly certificateReferences?: readonly CertificateReference[] | undefined;
}

/** How many pools the error of a certificate names that could not be deleted. */
const MOST_NAMED = 100;

/** Takes certificates through their lives: kept, and deleted once no pool and no node has use of them. */
export class CertificateControl {
  readonly #world: World;

  constructor(world: World) {
    this.#world = world;
  }

  /** Takes up again where the emulator left off. */
  resume(): void {
    for (const { thumbprint, state } of this.#world.certificates.all()) {
      if (state === 'deleting') this.#scheduleDeletion(thumbprint);
    }
  }

  /** @param certificate its thumbprint and algorithm in lower case. */
  async add(
    certificate: Pick<Certificate, 'thumbprint' | 'thumbprintAlgorithm' | 'publicData'>,
    file: CertificateFile,
  ): Promise<void> {
    this.#demandNew(certificate.thumbprint);
    await this.#world.certificateFiles.put(certificate.thumbprint, file);
    this.#demandNew(certificate.thumbprint);
    const { publicData, ...identity } = certificate;
    this.#world.certificates.put({
      ...identity,
      state: 'active',
      stateTransitionTime: toTimestamp(this.#world.clock.now()),
      publicData,
    });
  }

  /** Begins to delete a certificate. If it turns out to be in use, the deletion fails. */
  delete(certificate: Certificate): void {
    if (certificate.state === 'deleting') throw new BatchFault('CertificateBeingDeleted');
    this.#move(certificate, 'deleting');
    this.#scheduleDeletion(certificate.thumbprint);
  }

  /** Takes a certificate whose deletion failed into use again. */
  cancelDeletion(certificate: Certificate): void {
    if (certificate.state === 'active') throw new BatchFault('CertificateStateActive');
    if (certificate.state === 'deleting') throw new BatchFault('CertificateBeingDeleted');
    this.#move(certificate, 'active');
  }

  #demandNew(thumbprint: string): void {
    if (this.#world.certificates.get(thumbprint) !== undefined) throw new BatchFault('CertificateExists');
  }

  #scheduleDeletion(thumbprint: string): void {
    this.#world.afterDelay('deleteCertificate', async () => {
      const certificate = this.#world.certificates.get(thumbprint);
      if (certificate?.state !== 'deleting') return;
      const pools = this.#usersOf(thumbprint);
      if (pools.length > 0) {
        this.#move(certificate, 'deletefailed', {
          code: 'PoolsReferencingCertificate',
          message: 'The specified certificate is being used by the below mentioned pool(s)',
          values: [{ name: 'Pools', value: pools.slice(0, MOST_NAMED).join(',') }],
        });
        return;
      }
      // The secret goes first: should the emulator die here, the rest is done at its next start.
      await this.#world.certificateFiles.remove(thumbprint);
      this.#world.certificates.remove(thumbprint);
    });
  }

  /** Ids of the pools that name the certificate, or have nodes that still have it. */
  #usersOf(thumbprint: string): string[] {
    const names = ({ certificateReferences = [] }: CertificateUser) =>
      certificateReferences.some((each) => each.thumbprint.toLowerCase() === thumbprint);
    return this.#world.pools
      .all()
      .filter(
        ({ pool }) => names(pool) || [...this.#world.nodes.inPool(pool.id)].some(({ node }) => names(node)),
      )
      .map(({ pool }) => pool.id);
  }

  #move(
    certificate: Certificate,
    state: Certificate['state'],
    deleteCertificateError?: Certificate['deleteCertificateError'],
  ): void {
    this.#world.certificates.put({
      ...certificate,
      state,
      stateTransitionTime: toTimestamp(this.#world.clock.now()),
      previousState: certificate.state,
      previousStateTransitionTime: certificate.stateTransitionTime,
      deleteCertificateError,
    });
  }
}
