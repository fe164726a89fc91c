import { expect, it } from 'vitest';
import { azLines } from '../../../src/store/equivalents.ts';

it('the line for az deletes what azb would, whatever the name means to az or to a shell', () => {
  const line = (resource: string, id: string, container = 'c') =>
    azLines([{ resource, action: 'delete', scope: { container }, id }], {}, 1)[0];
  expect(line('blobs', 'logs/')).toBe("az storage blob delete-batch --source c --pattern 'logs/*'");
  expect(line('blobs', '[ab]*?/')).toBe("az storage blob delete-batch --source c --pattern '[[]ab][*][?]/*'");
  expect(line('blobs', "it's", '$root')).toBe(
    `az storage blob delete --container-name '$root' --name 'it'\\''s'`,
  );
  expect(line('containers', '$web')).toBe("az storage container delete --name '$web'");
});
