import type { Entity, Field, FormValues } from './types.ts';

/** What a task reads, as text: containers of the storage account, and URLs. */
export const INPUT_FIELD: Field = {
  name: 'inputs',
  label: 'Input files',
  kind: 'reference',
  resource: 'containers',
  optional: true,
  initial: '',
  hint: 'to the working directory: enter picks a container; or type several: input, input/some/folder/, https://… of a file or a signed container',
  check: (value) => wordsOf(value).map(inputProblem).find(Boolean),
};

/** What a task's files are called, and where they go to when it has ended. */
export const OUTPUT_FIELDS: readonly Field[] = [
  {
    name: 'outputPattern',
    label: 'Output files',
    kind: 'text',
    initial: '',
    hint: 'what is uploaded at the end, such as **/*.csv or ../std*.txt; nothing for none',
  },
  {
    name: 'outputContainer',
    label: 'To container',
    kind: 'reference',
    resource: 'containers',
    optional: true,
    initial: '',
    hint: 'a container of the storage account, which is made if need be, or a signed URL of one',
    shown: ({ outputPattern = '' }) => outputPattern.trim() !== '',
    check: (value, { outputPattern = '' }) =>
      value.trim() === '' && outputPattern.trim() !== ''
        ? 'a container is needed for output files'
        : undefined,
  },
];

const URL_WORD = /^https?:\/\//i;

function wordsOf(text = ''): string[] {
  return text.split(/[\s]+/).filter((word) => word !== '');
}

function inputProblem(word: string): string | undefined {
  if (URL_WORD.test(word)) return URL.canParse(word) ? undefined : `${word} is no address`;
  const [container = ''] = word.split('/');
  return /^[a-z0-9](?:-?[a-z0-9])*$/.test(container) ? undefined : `${container} is no name of a container`;
}

/** The `resourceFiles` that the words of the field stand for; without words there are none. */
export function inputFiles({ inputs }: FormValues): { readonly resourceFiles?: readonly Entity[] } {
  const words = wordsOf(inputs);
  return words.length === 0 ? {} : { resourceFiles: words.map(resourceFile) };
}

function resourceFile(word: string): Entity {
  if (!URL_WORD.test(word)) {
    const mark = word.indexOf('/');
    const [container, prefix] = mark < 0 ? [word, ''] : [word.slice(0, mark), word.slice(mark + 1)];
    const file = { autoStorageContainerName: container, ...(prefix === '' ? {} : { blobPrefix: prefix }) };
    return file;
  }
  const url = URL.canParse(word) ? new URL(word) : undefined;
  if (url?.searchParams.get('sr') === 'c') return { storageContainerUrl: word } as Entity;
  const name = url?.pathname.split('/').at(-1) ?? '';
  return { httpUrl: word, filePath: safeDecode(name) || 'input' } as Entity;
}

function safeDecode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/**
 * The `outputFiles` that the fields stand for: each task has a folder of its name. A container that is no URL stands
 * for one of the storage account, for which azb makes a URL when the task is sent.
 */
export function outputFiles(values: FormValues): { readonly outputFiles?: readonly Entity[] } {
  const { outputPattern = '', outputContainer = '', id = '' } = values;
  if (outputPattern.trim() === '' || outputContainer.trim() === '') return {};
  const files = wordsOf(outputPattern).map((filePattern) => ({
    filePattern,
    destination: {
      container: {
        containerUrl: outputContainer.trim(),
        path: /[*?[]/.test(filePattern) ? id : `${id}/${filePattern.split('/').at(-1)}`,
      },
    },
    uploadOptions: { uploadCondition: 'taskcompletion' },
  }));
  return { outputFiles: files };
}

interface WithOutputs {
  readonly outputFiles?: readonly {
    readonly destination?: {
      readonly container?: { readonly containerUrl?: string; readonly path?: string };
    };
  }[];
}

/** A template of many tasks for one of them: what went to the folder of the range goes to the folder of the task. */
export function renamed(template: Entity, range: string, id: string): Entity {
  return mapContainers(template, (container) => ({
    ...container,
    ...(container.path === undefined ? {} : { path: container.path.replace(range, id) }),
  }));
}

type OutputContainer = { readonly containerUrl?: string; readonly path?: string };

function mapContainers(body: Entity, change: (container: OutputContainer) => OutputContainer): Entity {
  const { outputFiles: files } = body as WithOutputs;
  if (!Array.isArray(files)) return body;
  const changed = files.map((file: NonNullable<WithOutputs['outputFiles']>[number]) => {
    const container = file.destination?.container;
    return container === undefined
      ? file
      : { ...file, destination: { ...file.destination, container: change(container) } };
  });
  return { ...body, outputFiles: changed } as Entity;
}

/** The containers that a task's output files name instead of giving their URLs, each once. */
export function namedContainers(body: Entity): string[] {
  const names = ((body as WithOutputs).outputFiles ?? []).flatMap(({ destination }) => {
    const url = destination?.container?.containerUrl;
    return url === undefined || URL_WORD.test(url) ? [] : [url];
  });
  return [...new Set(names)];
}

/** The body with URLs in place of names. */
export function withContainerUrls(body: Entity, urls: ReadonlyMap<string, string>): Entity {
  return mapContainers(body, (container) => {
    const url = urls.get(container.containerUrl ?? '');
    return url === undefined ? container : { ...container, containerUrl: url };
  });
}
