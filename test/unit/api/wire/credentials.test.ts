import { expect, it } from 'vitest';
import { reuseToken } from '../../../../src/api/wire/credentials.ts';
import { CredentialError } from '../../../../src/lib/errors.ts';

const HOUR = 3_600_000;

function source(clock: { now: number }) {
  const asked: string[] = [];
  return {
    asked,
    getToken: (scopes: string | string[]) => {
      asked.push(String(scopes));
      return Promise.resolve({ token: `t${asked.length}`, expiresOnTimestamp: clock.now + HOUR });
    },
  };
}

it('asks once for a token that several requests need', async () => {
  const clock = { now: 0 };
  const tokens = source(clock);
  const credential = reuseToken(
    () => tokens,
    () => clock.now,
  );
  const got = await Promise.all([credential.getToken('scope'), credential.getToken('scope')]);
  expect(got.map((token) => token?.token)).toEqual(['t1', 't1']);
  expect((await credential.getToken('scope'))?.token).toBe('t1');
  expect(tokens.asked).toEqual(['scope']);
});

it('renews a token shortly before it ends', async () => {
  const clock = { now: 0 };
  const tokens = source(clock);
  const credential = reuseToken(
    () => tokens,
    () => clock.now,
  );
  await credential.getToken('scope');
  clock.now = HOUR - 4 * 60_000;
  expect((await credential.getToken('scope'))?.token).toBe('t2');
});

it('asks for another token when the service refuses the one it has, but not again and again', async () => {
  const clock = { now: 0 };
  const tokens = source(clock);
  const credential = reuseToken(
    () => tokens,
    () => clock.now,
  );
  const first = await credential.getToken('scope');
  clock.now = 60_000;
  expect(credential.refused('Bearer t1')).toBe(true);
  // Whoever has kept it learns that it has ended.
  expect(first?.expiresOnTimestamp).toBe(0);
  expect((await credential.getToken('scope'))?.token).toBe('t2');
  clock.now += 1000;
  expect(credential.refused('Bearer t1')).toBe(true);
  expect(credential.refused('Bearer t2')).toBe(false);
  expect((await credential.getToken('scope'))?.token).toBe('t2');
});

it('signs in anew after a refusal, as what gives tokens keeps them too', async () => {
  const clock = { now: 0 };
  let signedIn = 0;
  const credential = reuseToken(
    () => {
      signedIn += 1;
      const token = `of sign-in ${signedIn}`;
      return { getToken: () => Promise.resolve({ token, expiresOnTimestamp: HOUR }) };
    },
    () => clock.now,
  );
  expect(signedIn).toBe(0);
  await credential.getToken('scope');
  clock.now = 60_000;
  credential.refused('Bearer of sign-in 1');
  expect((await credential.getToken('scope'))?.token).toBe('of sign-in 2');
});

it('asks for another token where the service wants another tenant, or another proof', async () => {
  const clock = { now: 0 };
  const tokens = source(clock);
  const credential = reuseToken(
    () => tokens,
    () => clock.now,
  );
  const tokenOf = async (options: object) => (await credential.getToken('scope', options))?.token;
  expect(await tokenOf({})).toBe('t1');
  expect(await tokenOf({ tenantId: 'other' })).toBe('t2');
  expect(await tokenOf({ tenantId: 'other' })).toBe('t2');
  expect(await tokenOf({ claims: 'more' })).toBe('t3');
  expect(await tokenOf({ claims: 'more' })).toBe('t4');
});

it('says in one line why there is no token, and asks again the next time', async () => {
  let tries = 0;
  const credential = reuseToken(() => ({
    getToken: () => {
      tries += 1;
      return Promise.reject(
        new Error('ChainedTokenCredential authentication failed.\nEnvironment: no\nCLI: no'),
      );
    },
  }));
  const error: unknown = await credential.getToken('scope').catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(CredentialError);
  expect(error).toMatchObject({ next: /az login/ });
  expect(String(error)).not.toContain('CLI: no');
  await expect(credential.getToken('scope')).rejects.toThrow(CredentialError);
  expect(tries).toBe(2);
});

it('names of many ways to sign in the one that was there and failed', async () => {
  const named = (name: string, message: string) => Object.assign(new Error(message), { name });
  const reasonOf = (...errors: Error[]) =>
    reuseToken(() => ({ getToken: () => Promise.reject(new AggregateError(errors, 'all of them failed')) }))
      .getToken('scope')
      .catch(String);
  const absent = named('CredentialUnavailableError', 'az is not installed');
  expect(await reasonOf(absent, named('AuthenticationError', 'AADSTS50076: use MFA\ntrace'))).toContain(
    'could be had: AADSTS50076: use MFA',
  );
  expect(await reasonOf(absent)).toContain('could be had: nobody is signed in here');
});
