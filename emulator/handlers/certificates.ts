import { toTimestamp } from '../clock.ts';
import type { Engine } from '../engine/engine.ts';
import type { World } from '../engine/world.ts';
import { BatchFault } from '../errors.ts';
import { doneReply, entityReply } from '../http/reply.ts';
import { type BatchRequest, pathParameter } from '../http/request.ts';
import type { Certificate } from '../model/entities.ts';
import { listReply, selection } from './query.ts';
import { bodyOf, type Handler } from './service.ts';

interface CertificateDefinition {
  readonly thumbprint: string;
  readonly thumbprintAlgorithm: string;
  /** The certificate in Base64; with a private key in it for a pfx. */
  readonly data: string;
  readonly certificateFormat?: 'pfx' | 'cer';
}

/** Certificates are kept by name for pools to refer to. They are not put on nodes, which are this machine. */
export const addCertificate: Handler = ({ world }, request) => {
  const definition = bodyOf<CertificateDefinition>(request);
  const { thumbprint, thumbprintAlgorithm, data, certificateFormat } = definition;
  if (world.certificates.get(thumbprint) !== undefined) throw new BatchFault('CertificateExists');
  const certificate: Certificate = {
    thumbprint: thumbprint.toLowerCase(),
    thumbprintAlgorithm: thumbprintAlgorithm.toLowerCase(),
    state: 'active',
    stateTransitionTime: toTimestamp(world.clock.now()),
    // A pfx holds a private key, which is kept nowhere; the public part of a cer is all of it.
    publicData: certificateFormat === 'cer' ? data : undefined,
  };
  world.certificates.put(certificate);
  const location = certificateUrl(request, certificate);
  return { status: request.route.success, headers: { Location: location, DataServiceId: location } };
};

export const listCertificates: Handler = ({ world }, request) =>
  listReply(request, {
    metadata: 'certificates',
    list: 'certificates',
    items: world.certificates.all(),
    keyOf: ({ thumbprint }) => thumbprint,
    view: (certificate) => certificateView(request, certificate),
  });

export const getCertificate: Handler = ({ world }, request) =>
  entityReply(request, 'certificates', selection(request)(certificateView(request, find(world, request))));

/** The deletion of a certificate that a pool refers to fails after a while, and can be taken back then. */
export const deleteCertificate: Handler = (engine, request) => {
  const certificate = find(engine.world, request);
  if (certificate.state === 'deleting') throw new BatchFault('CertificateBeingDeleted');
  move(engine, certificate, 'deleting');
  engine.world.afterDelay('terminateJob', () => finishDeletion(engine, certificate.thumbprint));
  return { status: request.route.success };
};

export const cancelDeletion: Handler = (engine, request) => {
  const certificate = find(engine.world, request);
  if (certificate.state === 'active') throw new BatchFault('CertificateStateActive');
  move(engine, certificate, 'active');
  return doneReply(request);
};

function finishDeletion(engine: Engine, thumbprint: string): void {
  const certificate = engine.world.certificates.get(thumbprint);
  if (certificate?.state !== 'deleting') return;
  const users = engine.world.pools.all().filter(({ pool }) => refersTo(pool, thumbprint));
  if (users.length === 0) {
    engine.world.certificates.remove(thumbprint);
    return;
  }
  const deleteCertificateError = {
    code: 'PoolsReferencingCertificate',
    message: 'The specified certificate is being used by the below mentioned pool(s)',
    values: [{ name: 'Pools', value: users.map(({ pool }) => pool.id).join(',') }],
  };
  move(engine, certificate, 'deletefailed', { deleteCertificateError });
}

function refersTo(pool: object, thumbprint: string): boolean {
  const { certificateReferences } = pool as { certificateReferences?: readonly { thumbprint: string }[] };
  return (certificateReferences ?? []).some((each) => each.thumbprint.toLowerCase() === thumbprint);
}

function move(
  engine: Engine,
  certificate: Certificate,
  state: Certificate['state'],
  members: Partial<Certificate> = {},
): void {
  const { deleteCertificateError: _over, ...rest } = certificate;
  engine.world.certificates.put({
    ...rest,
    state,
    stateTransitionTime: toTimestamp(engine.world.clock.now()),
    previousState: certificate.state,
    previousStateTransitionTime: certificate.stateTransitionTime,
    ...members,
  });
}

function find(world: World, request: BatchRequest): Certificate {
  const certificate = world.certificates.get(pathParameter(request, 'thumbprint'));
  const algorithm = pathParameter(request, 'thumbprintAlgorithm').toLowerCase();
  if (certificate?.thumbprintAlgorithm !== algorithm) throw new BatchFault('CertificateNotFound');
  return certificate;
}

function certificateUrl(request: BatchRequest, { thumbprint, thumbprintAlgorithm }: Certificate): string {
  return `${request.baseUrl}/certificates(thumbprintAlgorithm=${thumbprintAlgorithm},thumbprint=${thumbprint})`;
}

function certificateView(request: BatchRequest, certificate: Certificate): object {
  const { thumbprint, thumbprintAlgorithm, ...rest } = certificate;
  return { thumbprint, thumbprintAlgorithm, url: certificateUrl(request, certificate), ...rest };
}
