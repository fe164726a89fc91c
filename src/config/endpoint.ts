import { isLoopback } from '../api/settings.ts';
import { CredentialError } from '../lib/errors.ts';

/**
 * The endpoint with its scheme and without a slash at the end. One without a scheme is https, or http on
 * this machine, where the emulator is. `label` names where it came from. @throws CredentialError when it is
 * no address.
 */
export function parseEndpoint(text: string, label: string): string {
  const hasScheme = /^[a-z][a-z0-9+.-]*:\/\//i.test(text);
  const written = hasScheme ? text : `https://${text}`;
  if (!URL.canParse(written) || !/^https?:$/.test(new URL(written).protocol)) {
    throw new CredentialError(`the endpoint ${text} (${label}) is not an address`, {
      next: 'use the form https://ACCOUNT.REGION.batch.azure.com',
    });
  }
  const { origin, host } = new URL(written);
  return !hasScheme && isLoopback(origin) ? `http://${host}` : origin;
}
