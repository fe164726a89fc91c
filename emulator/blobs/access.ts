import type { BlobStore } from './blob-store.ts';
import { header, type StorageRequest } from './request.ts';
import { type SharedAccess, verifySharedAccess } from './shared-access.ts';
import { verifySharedKey } from './shared-key.ts';
import { StorageFault } from './storage-fault.ts';

/** What an operation needs of whoever asks for it: any one of the letters will do. */
export interface Needs {
  readonly level: 'service' | 'container' | 'blob';
  /** Of an account's signature. */
  readonly account: string;
  /** Of a signature for the container or the blob; no such signature will do where there is none. */
  readonly service?: string;
  /** What the container must be open for, so that nobody has to prove anything. */
  readonly open?: 'blob' | 'container';
}

/** What somebody may do. */
export type Access = { readonly kind: 'owner' } | { readonly kind: 'anonymous' } | SharedAccess;

export interface AccessOptions {
  /** The account's keys; either will do. */
  readonly keys: () => readonly string[];
  /** Whether any bearer token is taken, unseen. */
  readonly acceptsTokens: boolean;
}

/** Finds out who asks. @throws StorageFault for proofs that prove nothing */
export function authenticate(request: StorageRequest, { keys, acceptsTokens }: AccessOptions): Access {
  const authorization = header(request, 'authorization');
  if (authorization !== undefined && /^Bearer\s/i.test(authorization)) {
    if (acceptsTokens) return { kind: 'owner' };
    throw new StorageFault('AuthenticationFailed', {
      AuthenticationErrorDetail:
        'This emulator takes the account key and signatures made with it only; start it with --entra to let any bearer token pass.',
    });
  }
  if (authorization !== undefined) {
    verifySharedKey(request, keys());
    return { kind: 'owner' };
  }
  if (!request.query.has('sig')) return { kind: 'anonymous' };
  const { query, container, blob, from, now } = request;
  return verifySharedAccess({ query, container, blob, from, now: now / 1000 }, keys());
}

const TYPES = { service: 's', container: 'c', blob: 'o' } as const;

/** Throws unless the operation may be done. */
export function authorise(access: Access, needs: Needs, request: StorageRequest, store: BlobStore): void {
  switch (access.kind) {
    case 'owner':
      return;
    case 'anonymous':
      demandOpen(needs, request, store);
      return;
    case 'account':
      if (!access.types.has(TYPES[needs.level])) throw new StorageFault('AuthorizationResourceTypeMismatch');
      demandLetter(access, needs.account);
      return;
    case 'service':
      if (needs.service === undefined || (access.blob !== undefined && needs.level !== 'blob')) {
        throw new StorageFault('AuthorizationPermissionMismatch');
      }
      demandLetter(access, needs.service);
  }
}

function demandLetter({ permissions }: SharedAccess, letters: string): void {
  if ([...letters].some((letter) => permissions.has(letter))) return;
  throw new StorageFault('AuthorizationPermissionMismatch');
}

/** Whoever may not know of a container is told that there is none. */
function demandOpen({ open }: Needs, request: StorageRequest, store: BlobStore): void {
  if (request.container === undefined || open === undefined) {
    throw new StorageFault('NoAuthenticationInformation');
  }
  const { publicAccess = 'none' } = store.container(request.container) ?? {};
  if (publicAccess === 'container' || (publicAccess === 'blob' && open === 'blob')) return;
  throw new StorageFault('ResourceNotFound');
}

/** Whether what is there already may be replaced: permission to create alone does not do. */
export function mayReplace(access: Access): boolean {
  return access.kind === 'owner' || (access.kind !== 'anonymous' && access.permissions.has('w'));
}
