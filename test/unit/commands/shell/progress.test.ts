import { expect, it } from 'vitest';
import { progress } from '../../../../src/commands/shell/progress.ts';
import { scriptedPort } from '../../../support/scripted-port.ts';
import { argumentsOf, contextOver } from './support.ts';

it('prints how far a job is, for people or as JSON', async () => {
  const { context, stdout } = contextOver(scriptedPort());
  expect(await progress(argumentsOf('progress', 'myjob'), context)).toBe(0);
  expect(stdout.text()).toMatch(/^job myjob: active for .*\n {2}█+░+ \d+%\n[\s\S]*\nTimes\n/);
  const json = contextOver(scriptedPort());
  await progress(argumentsOf('progress', 'myjob', '-o', 'json'), json.context);
  expect(JSON.parse(json.stdout.text())).toMatchObject({ job: 'myjob', isSample: false });
  await expect(progress(argumentsOf('progress', 'myjob', '-o', 'csv'), context)).rejects.toMatchObject({
    exitCode: 2,
  });
});
