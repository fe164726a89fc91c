import { X509Certificate } from 'node:crypto';
import { duplexPair } from 'node:stream';
import { connect, createSecureContext, TLSSocket } from 'node:tls';

/** What everybody may know of a certificate. */
export interface PublicPart {
  /** The certificate itself in DER. */
  readonly der: Buffer;
  /** Its SHA-1 in lower-case hexadecimal. */
  readonly thumbprint: string;
}

/**
 * The certificate in a file; undefined when the file cannot be read: it is no certificate, the password is wrong, or
 * its encryption is one that OpenSSL has given up.
 */
export async function publicPart(
  data: Buffer,
  format: 'pfx' | 'cer',
  password: string | undefined,
): Promise<PublicPart | undefined> {
  try {
    const certificate = new X509Certificate(format === 'cer' ? data : await presented(data, password ?? ''));
    return {
      der: certificate.raw,
      thumbprint: certificate.fingerprint.replaceAll(':', '').toLowerCase(),
    };
  } catch {
    return undefined;
  }
}

/**
 * The certificate that a TLS server with this PKCS #12 file presents. Node reads such files only in order to serve
 * with them, so one end of a pair of streams does, and the other end looks.
 */
async function presented(pfx: Buffer, passphrase: string): Promise<Buffer> {
  const secureContext = createSecureContext({ pfx, passphrase });
  const [ours, theirs] = duplexPair();
  const server = new TLSSocket(theirs, { isServer: true, secureContext });
  const client = connect({ socket: ours, rejectUnauthorized: false });
  try {
    return await new Promise<Buffer>((resolve, reject) => {
      server.on('error', reject);
      client.on('error', reject);
      client.once('secureConnect', () => resolve(client.getPeerCertificate().raw));
    });
  } finally {
    client.destroy();
    server.destroy();
  }
}
