import { expect, it } from 'vitest';
import { blobs } from '../../../src/resources/blob.ts';
import { containers } from '../../../src/resources/container.ts';

it('the line for az deletes what azb would, whatever the name means to az or to a shell', () => {
  const [remove] = blobs.actions;
  const line = (id: string, container = 'c') => remove?.az?.(id, { container }, {});
  expect(line('logs/')).toBe("az storage blob delete-batch --source c --pattern 'logs/*'");
  expect(line('[ab]*?/')).toBe("az storage blob delete-batch --source c --pattern '[[]ab][*][?]/*'");
  expect(line("it's", '$root')).toBe(`az storage blob delete --container-name '$root' --name 'it'\\''s'`);
  expect(containers.actions[0]?.az?.('$web', {}, {})).toBe("az storage container delete --name '$web'");
});
