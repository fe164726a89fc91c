import { describe, expect, test } from 'vitest';
import type { AccountRow, KnownAccount } from '../../../src/resources/account.ts';
import { mergeAccounts } from '../../../src/resources/account-merge.ts';

const known = (name: string, endpoint?: string): KnownAccount => ({ name, endpoint, source: 'config.yaml' });
const arm = (name: string, location: string): AccountRow => ({
  id: `/subscriptions/s/resourceGroups/g/providers/Microsoft.Batch/batchAccounts/${name}`,
  name,
  location,
  properties: { accountEndpoint: `${name}.${location}.batch.azure.com` },
});

describe('accounts from two places', () => {
  test('are one row where name and endpoint are the same, however they are written', () => {
    const rows = mergeAccounts({ known: [known('Mine', 'https://mine.westus.batch.azure.com')] }, [
      arm('mine', 'westus'),
    ]);
    expect(rows).toMatchObject([{ name: 'Mine', location: 'westus', known: { source: 'config.yaml' } }]);
  });

  test('are two rows where the endpoints differ, and are told apart by their location', () => {
    const rows = mergeAccounts({ known: [known('mine', 'https://mine.westus.batch.azure.com')] }, [
      arm('mine', 'eastus'),
    ]);
    expect(rows).toHaveLength(2);
    expect(rows[1]).toMatchObject({ location: 'eastus', isNamesake: true });
  });

  test('begin with the one in use, wherever it was found', () => {
    const here = known('other', 'http://127.0.0.1:1');
    const rows = mergeAccounts({ known: [known('mine'), known('other')], here }, [arm('third', 'westus')]);
    expect(rows.map(({ name, isInUse }) => [name, isInUse])).toEqual([
      ['other', true],
      ['mine', undefined],
      ['third', undefined],
    ]);
  });

  test('are protected by rules of the configuration also where it does not name them', () => {
    const readOnlyOf = (name: string) => (name === 'third' ? 'its name matches t*' : undefined);
    const rows = mergeAccounts({ known: [], readOnlyOf }, [arm('third', 'westus'), arm('fourth', 'westus')]);
    expect(rows.map(({ readOnly }) => readOnly)).toEqual(['its name matches t*', undefined]);
  });
});
