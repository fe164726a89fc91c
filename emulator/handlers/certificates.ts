import { publicPart } from '../certificates/public-part.ts';
import type { World } from '../engine/world.ts';
import { BatchFault, invalidProperty } from '../errors.ts';
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
  readonly password?: string;
}

export const addCertificate: Handler = async (engine, request) => {
  const definition = bodyOf<CertificateDefinition>(request);
  checkDefinition(definition);
  const { data, certificateFormat: format = 'pfx', password } = definition;
  const thumbprint = definition.thumbprint.toLowerCase();
  const certificate = await publicPart(Buffer.from(data, 'base64'), format, password);
  if (certificate !== undefined && certificate.thumbprint !== thumbprint) {
    throw invalidProperty(
      'thumbprint',
      definition.thumbprint,
      `The certificate has another thumbprint: ${certificate.thumbprint}`,
    );
  }
  const identity = { thumbprint, thumbprintAlgorithm: definition.thumbprintAlgorithm.toLowerCase() };
  const publicData = certificate?.der.toString('base64');
  await engine.certificates.add({ ...identity, publicData }, { format, data, password });
  // The service spells the address of a new certificate otherwise than its url.
  const location = certificateUrl(request, identity)
    .replace('(thumbprintAlgorithm=', '(ThumbprintAlgorithm=')
    .replace(',thumbprint=', ',Thumbprint=');
  return { status: request.route.success, headers: { Location: location, DataServiceId: location } };
};

function checkDefinition({ thumbprint, thumbprintAlgorithm, data }: CertificateDefinition): void {
  if (thumbprintAlgorithm.toLowerCase() !== 'sha1') {
    throw invalidProperty('thumbprintAlgorithm', thumbprintAlgorithm, 'The algorithm must be sha1');
  }
  if (!/^[0-9a-f]{40}$/i.test(thumbprint)) {
    throw invalidProperty('thumbprint', thumbprint, 'The value must have 40 hexadecimal digits');
  }
  if (!/^[A-Za-z0-9+/\s]+={0,2}\s*$/.test(data)) {
    throw invalidProperty('data', undefined, 'The value must be the certificate in Base64');
  }
}

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

export const deleteCertificate: Handler = (engine, request) => {
  engine.certificates.delete(find(engine.world, request));
  return { status: request.route.success };
};

export const cancelDeletion: Handler = (engine, request) => {
  engine.certificates.cancelDeletion(find(engine.world, request));
  return doneReply(request);
};

function find(world: World, request: BatchRequest): Certificate {
  const certificate = world.certificates.get(pathParameter(request, 'thumbprint'));
  const algorithm = pathParameter(request, 'thumbprintAlgorithm').toLowerCase();
  if (certificate?.thumbprintAlgorithm !== algorithm) throw new BatchFault('CertificateNotFound');
  return certificate;
}

type Identity = Pick<Certificate, 'thumbprint' | 'thumbprintAlgorithm'>;

function certificateUrl(request: BatchRequest, { thumbprint, thumbprintAlgorithm }: Identity): string {
  return `${request.baseUrl}/certificates(thumbprintAlgorithm=${thumbprintAlgorithm},thumbprint=${thumbprint})`;
}

function certificateView(request: BatchRequest, certificate: Certificate): object {
  const { thumbprint, thumbprintAlgorithm, ...rest } = certificate;
  return { thumbprint, thumbprintAlgorithm, url: certificateUrl(request, certificate), ...rest };
}
