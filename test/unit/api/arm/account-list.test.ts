import { describe, expect, test } from 'vitest';
import { AccountList } from '../../../../src/api/arm/account-list.ts';
import type { ArmClient } from '../../../../src/api/arm/arm-client.ts';
import { armError } from '../../../../src/api/arm/arm-errors.ts';
import { chosenSubscription, labelOf } from '../../../../src/api/arm/subscriptions.ts';
import { CredentialError, ServiceError, UnreachableError } from '../../../../src/lib/errors.ts';

const { signal } = new AbortController();

const subscription = (number: number, displayName = `sub ${number}`) => ({
  subscriptionId: `s${number}`,
  displayName,
});
const account = (sub: number, name: string, location = 'westus') => ({
  id: `/subscriptions/s${sub}/resourceGroups/g/providers/Microsoft.Batch/batchAccounts/${name}`,
  name,
  location,
});
const refusal = (status: number) => new ServiceError({ status, code: 'AuthorizationFailed', message: 'no' });

/** A client whose lists are by path; an error is thrown. */
function clientOf(lists: Readonly<Record<string, readonly object[] | Error>>) {
  const asked: string[] = [];
  const client = {
    list: async (path: string) => {
      asked.push(path);
      const list = lists[path.replace('/providers/Microsoft.Batch/batchAccounts', '')] ?? [];
      if (list instanceof Error) throw list;
      return list;
    },
  } as unknown as ArmClient;
  return { list: new AccountList(client), asked };
}

describe('the accounts of many subscriptions', () => {
  test('come some subscriptions at a time, with what each is called', async () => {
    const subscriptions = [1, 2, 3, 4, 5].map((number) => subscription(number));
    const { list } = clientOf({
      '/subscriptions': subscriptions,
      '/subscriptions/s1': [account(1, 'one')],
      '/subscriptions/s5': [account(5, 'five')],
    });
    const first = await list.step(0, signal);
    expect(first.accounts).toEqual([{ ...account(1, 'one'), subscription: 'sub 1' }]);
    const second = await list.step(first.next ?? -1, signal);
    expect(second).toEqual({ accounts: [{ ...account(5, 'five'), subscription: 'sub 5' }], next: undefined });
  });

  test('are shown though one subscription gives nobody a look; not when none does, or the service is away', async () => {
    const open = {
      '/subscriptions': [subscription(1), subscription(2)],
      '/subscriptions/s1': [account(1, 'one')],
    };
    const some = clientOf({ ...open, '/subscriptions/s2': refusal(403) });
    expect((await some.list.step(0, signal)).accounts).toHaveLength(1);
    const none = clientOf({ ...open, '/subscriptions/s1': refusal(403), '/subscriptions/s2': refusal(403) });
    await expect(none.list.step(0, signal)).rejects.toThrow('no');
    const away = clientOf({ ...open, '/subscriptions/s2': new UnreachableError('away') });
    await expect(away.list.step(0, signal)).rejects.toThrow('away');
  });

  test('are found by name, by name and location, or by id', async () => {
    const twins = [
      account(1, 'twin', 'westus'),
      { ...account(1, 'twin', 'eastus'), id: '/subscriptions/s1/x' },
    ];
    const { list } = clientOf({
      '/subscriptions': [subscription(1)],
      '/subscriptions/s1': [...twins, account(1, 'one')],
    });
    expect((await list.find('ONE', signal)).name).toBe('one');
    await expect(list.find('twin', signal)).rejects.toMatchObject({ next: 'twin.westus or twin.eastus' });
    expect((await list.find('twin.eastus', signal)).id).toBe('/subscriptions/s1/x');
    expect((await list.find('/subscriptions/S1/X', signal)).location).toBe('eastus');
    await expect(list.find('nobody', signal)).rejects.toMatchObject({ status: 404 });
  });

  test('that are gone leave their names to others; what was just made is known before it is listed', async () => {
    const lists: Record<string, readonly object[]> = {
      '/subscriptions': [subscription(1), subscription(2)],
      '/subscriptions/s1': [account(1, 'one'), account(1, 'moved')],
    };
    const { list } = clientOf(lists);
    await list.step(0, signal);
    list.remember(account(1, 'made'));
    lists['/subscriptions/s1'] = [account(1, 'one')];
    lists['/subscriptions/s2'] = [account(2, 'moved')];
    await list.step(0, signal);
    expect((await list.find('moved', signal)).id).toBe(account(2, 'moved').id);
    expect((await list.find('one', signal)).id).toBe(account(1, 'one').id);
    expect((await list.find('made', signal)).id).toBe(account(1, 'made').id);
  });
});

describe('a subscription', () => {
  const all = [subscription(1, 'twin'), subscription(2, 'Twin'), subscription(3, 'alone')];

  test('is called by its name, or by its id where two share one', () => {
    expect(all.map((each) => labelOf(each, all))).toEqual(['s1', 's2', 'alone']);
  });

  test('is the only one when none is named', () => {
    expect(chosenSubscription('ALONE', all).subscriptionId).toBe('s3');
    expect(chosenSubscription('s2', all).subscriptionId).toBe('s2');
    expect(chosenSubscription(undefined, all.slice(2)).subscriptionId).toBe('s3');
    expect(() => chosenSubscription('', all)).toThrow('it is not said in which subscription');
    expect(() => chosenSubscription(undefined, [])).toThrow('subscription');
  });
});

describe('a refusal of Azure Resource Manager', () => {
  const reply = (status: number, body: unknown, endpoint = 'https://management.azure.com') =>
    armError({
      status,
      body: typeof body === 'string' ? body : JSON.stringify(body),
      header: (name) => ({ 'x-ms-request-id': 'r1', 'retry-after': '7' })[name],
      request: 'GET /subscriptions',
      endpoint,
    });

  test.each([
    ['AuthorizationFailed', 403, /Reader to look/],
    ['MissingSubscriptionRegistration', 409, /az provider register/],
    ['ResourceGroupNotFound', 404, /makeResourceGroup: true in a file, az group create/],
    ['ScopeLocked', 409, /az lock list/],
  ])('%s comes with the next step', (code, status, next) => {
    const error = reply(status, { error: { code, message: 'First line.\nMore' } });
    expect(error).toMatchObject({ code, status, message: 'First line.', requestId: 'r1', retryAfter: 7000 });
    expect(error.next).toMatch(next);
  });

  test('of the token is one of the credential, with what helps here or there', () => {
    const body = {
      error: { code: 'InvalidAuthenticationToken', message: 'The token is old. Get a new one.' },
    };
    const there = reply(401, body);
    expect(there).toBeInstanceOf(CredentialError);
    expect(there.message).toBe('management.azure.com refused the Entra ID token: The token is old');
    expect(there.next).toContain('az login');
    expect(reply(401, body, 'http://127.0.0.1:8910').next).toContain('AZB_ARM_ENDPOINT');
  });

  test('that is none says where to look', () => {
    expect(reply(502, '<html>')).toMatchObject({
      code: 'Http502',
      next: expect.stringContaining('check the endpoint'),
    });
    expect(reply(429, '').next).toContain('wait a little');
  });
});
