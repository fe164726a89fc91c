import { describe, expect, it } from 'vitest';
import type { StorageSettings } from '../../../../src/api/settings.ts';
import { storageError } from '../../../../src/api/storage/storage-errors.ts';
import { CredentialError, ServiceError, UnreachableError } from '../../../../src/lib/errors.ts';

const NEVER = new AbortController().signal;
const ACCOUNT: StorageSettings = {
  name: 'acct',
  endpoint: 'https://acct.blob.core.windows.net',
  credential: { kind: 'Entra ID', cloud: 'AzureCloud' },
  source: 'environment',
};
const SIGNED: StorageSettings = { ...ACCOUNT, credential: { kind: 'signature', token: 'sig=secret' } };

const answer = (statusCode: number, code?: string, more: object = {}) =>
  Object.assign(new Error('What the service says.\nRequestId:1\nTime:2'), { statusCode, code, ...more });

describe('what the storage account says', () => {
  it('is told in words, with the next step for who has which permission', () => {
    const found = (settings: StorageSettings) =>
      storageError(answer(403, 'AuthorizationPermissionMismatch'), settings, NEVER);
    expect(found(ACCOUNT)).toMatchObject({
      message: 'the permissions do not suffice for this',
      next: 'ask for the role Storage Blob Data Contributor on acct; it takes some minutes to count',
    });
    expect(found(SIGNED)).toMatchObject({
      next: 'use a signature with more permissions, or the account key',
    });
  });

  it('keeps what azb does not know, without its trace', () => {
    const error = storageError(answer(418, 'Teapot'), ACCOUNT, NEVER);
    expect(error).toBeInstanceOf(ServiceError);
    expect(error).toMatchObject({ status: 418, code: 'Teapot', message: 'What the service says.' });
    expect(storageError(answer(404), ACCOUNT, NEVER)).toMatchObject({ code: 'ResourceNotFound' });
    const fromHeader = answer(409, undefined, { details: { errorCode: 'ContainerBeingDeleted' } });
    expect(storageError(fromHeader, ACCOUNT, NEVER)).toMatchObject({ next: 'try again in half a minute' });
  });

  it.each([
    [ACCOUNT, 'the storage account acct refused the Entra ID token: the token is over', 'az login'],
    [SIGNED, 'the storage account acct refused the signature: the token is over', 'generate-sas'],
  ])('is a matter of credentials where it does not believe who asks', (settings, message, next) => {
    const details = { authenticationErrorDetail: 'the token is over. It says more' };
    const error = storageError(answer(403, 'AuthenticationFailed', { details }), settings, NEVER);
    expect(error).toBeInstanceOf(CredentialError);
    expect(error).toMatchObject({ message, next: expect.stringContaining(next) });
    expect(JSON.stringify(error)).not.toContain('secret');
  });
});

it('a storage account that does not believe us is told from a clock that is wrong', () => {
  const before = new Date(Date.now() - 3_600_000).toUTCString();
  const response = { headers: new Headers({ date: before }) };
  const refused = answer(403, 'AuthenticationFailed', { response });
  expect(storageError(refused, ACCOUNT, NEVER)).toMatchObject({
    message: expect.stringMatching(/your clock is 60 minutes ahead of the service's/),
  });
  expect(storageError(answer(401), ACCOUNT, NEVER)).toBeInstanceOf(CredentialError);
});

describe('no answer of the storage account', () => {
  it('is told from no token', () => {
    const refused = Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });
    const error = storageError(refused, ACCOUNT, NEVER);
    expect(error).toBeInstanceOf(UnreachableError);
    expect(error).toMatchObject({
      message: 'the storage account: acct.blob.core.windows.net refuses connections',
      next: expect.stringContaining('address of the storage account'),
    });
    const nobody = new CredentialError('nobody is signed in');
    expect(storageError(nobody, ACCOUNT, NEVER)).toBe(nobody);
  });

  it('is the reason of who stopped waiting', () => {
    const stop = new AbortController();
    stop.abort(new Error('enough'));
    expect(storageError(answer(500), ACCOUNT, stop.signal)).toMatchObject({ message: 'enough' });
  });
});
