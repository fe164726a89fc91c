import { describe, expect, it } from 'vitest';
import { commonFolder, jobContainer, outputPlaces } from '../../../src/resources/results.ts';
import {
  INPUT_FIELD,
  inputFiles,
  namedContainers,
  outputFiles,
  withContainerUrls,
} from '../../../src/resources/task-files.ts';
import { TASK_FORM } from '../../../src/resources/task-form.ts';

const SIGNED = 'https://acct.blob.core.windows.net/in?sv=1&sr=c&sig=a';

describe('the input files of a new task', () => {
  it('are containers, folders in them, signed containers and files by URL', () => {
    expect(
      inputFiles({ inputs: `input  shared/some/folder/ ${SIGNED} https://example.org/a%20b.txt?sr=b&sig=c` }),
    ).toEqual({
      resourceFiles: [
        { autoStorageContainerName: 'input' },
        { autoStorageContainerName: 'shared', blobPrefix: 'some/folder/' },
        { storageContainerUrl: SIGNED },
        { httpUrl: 'https://example.org/a%20b.txt?sr=b&sig=c', filePath: 'a b.txt' },
      ],
    });
    expect(inputFiles({ inputs: '  ' })).toEqual({});
    expect(inputFiles({})).toEqual({});
  });

  it('are checked as they are typed', () => {
    const problem = (value: string) => INPUT_FIELD.check?.(value, {});
    expect(problem('')).toBeUndefined();
    expect(problem('input other/a/ https://x/y')).toBeUndefined();
    expect(problem('input No_Such')).toBe('No_Such is no name of a container');
    expect(problem('http://')).toBe('http:// is no address');
  });
});

describe('the output files of a new task', () => {
  const values = { id: 't1', outputPattern: '**/*.csv ../stdout.txt', outputContainer: 'results' };

  it('go to a folder of the task, whatever their pattern', () => {
    expect(outputFiles(values)).toEqual({
      outputFiles: [
        {
          filePattern: '**/*.csv',
          destination: { container: { containerUrl: 'results', path: 't1' } },
          uploadOptions: { uploadCondition: 'taskcompletion' },
        },
        {
          filePattern: '../stdout.txt',
          destination: { container: { containerUrl: 'results', path: 't1/stdout.txt' } },
          uploadOptions: { uploadCondition: 'taskcompletion' },
        },
      ],
    });
    expect(outputFiles({ ...values, outputPattern: ' ' })).toEqual({});
  });

  it('go to folders of their own where there are many tasks', () => {
    const body = TASK_FORM.template({ ...values, id: 't{1..2}', commandLine: 'x {}' });
    const paths = [...(TASK_FORM.expand?.(body) ?? [])].map((task) =>
      outputPlaces(task).map(({ path }) => path),
    );
    expect(paths).toEqual([['t1/'], ['t2/']]);
  });

  it('name containers that get a URL when the task is sent', () => {
    const body = { id: 't', ...outputFiles(values) };
    expect(namedContainers(body)).toEqual(['results']);
    const sent = withContainerUrls(body, new Map([['results', 'https://acct/results?sig=a']]));
    expect(namedContainers(sent)).toEqual([]);
    expect(outputPlaces(sent)).toEqual([{ containerUrl: 'https://acct/results', path: 't1/' }]);
    expect(namedContainers({ id: 't' })).toEqual([]);
  });

  it('stand beside the packages that a task asks for', () => {
    const body = TASK_FORM.template({ ...values, packages: 'tool, blender:4.2' });
    expect(body).toMatchObject({
      applicationPackageReferences: [{ applicationId: 'tool' }, { applicationId: 'blender', version: '4.2' }],
    });
    expect(TASK_FORM.template(values)).not.toHaveProperty('applicationPackageReferences');
    const check = TASK_FORM.fields({}).find(({ name }) => name === 'packages')?.check;
    expect(['', 'tool', 'tool:1.0 b'].map((text) => check?.(text, {}))).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
    expect(check?.('to/ol', {})).toContain('to/ol is no id');
    expect(check?.('tool:1:2', {})).toContain('APPLICATION:VERSION');
  });

  it('replace those of a copy only when something is typed', () => {
    const decides = TASK_FORM.decides;
    if (typeof decides !== 'function') throw new TypeError('the values decide');
    expect(decides({})).not.toContain('outputFiles');
    expect(decides({ inputs: 'a' })).toContain('resourceFiles');
    expect(decides({})).not.toContain('applicationPackageReferences');
    expect(decides({ packages: 'a' })).toContain('applicationPackageReferences');
    expect(decides(values)).toContain('outputFiles');
  });
});

describe('where results are', () => {
  it('is told once for each place', () => {
    const file = (filePattern: string, path?: string) => ({
      filePattern,
      destination: { container: { containerUrl: 'https://a/c/?sig=x', path } },
    });
    expect(
      outputPlaces({ outputFiles: [file('*', 'p'), file('**/*', 'p/'), file('one', 'q/r.txt'), file('x*')] }),
    ).toEqual([
      { containerUrl: 'https://a/c', path: 'p/' },
      { containerUrl: 'https://a/c', path: 'q/' },
      { containerUrl: 'https://a/c', path: '' },
    ]);
    expect(outputPlaces({})).toEqual([]);
  });

  it('is the folder that all of them share', () => {
    expect(commonFolder(['t1/', 't1/'])).toBe('t1/');
    expect(commonFolder(['a/b/', 'a/c/'])).toBe('a/');
    expect(commonFolder(['a/', 'b/'])).toBe('');
    expect(commonFolder([])).toBe('');
  });

  it('is a container named after the job, as far as a container can be', () => {
    const sha1 = () => 'f'.repeat(40);
    expect(jobContainer('MyJob', sha1)).toBe('job-myjob');
    expect(jobContainer('my_job', sha1)).toBe(`job-my-job-${'f'.repeat(40)}`);
    expect(jobContainer('a'.repeat(80), sha1).length).toBeLessThanOrEqual(63);
    expect(jobContainer('_', sha1)).toBe(`job-job-${'f'.repeat(40)}`);
  });
});
