/** Where a task's output files go, as far as they say it in a URL. */
export interface OutputPlace {
  /** The container's URL, with nothing in it that gives permission. */
  readonly containerUrl: string;
  /** What its blobs' names begin with. */
  readonly path: string;
}

interface WithOutputs {
  readonly outputFiles?: readonly {
    readonly filePattern?: string;
    readonly destination?: {
      readonly container?: { readonly containerUrl?: string; readonly path?: string };
    };
  }[];
}

/** The places that a task's output files go to, each once. */
export function outputPlaces(task: object): OutputPlace[] {
  const { outputFiles = [] } = task as WithOutputs;
  const places = outputFiles.flatMap(({ destination, filePattern = '' }) => {
    const { containerUrl, path = '' } = destination?.container ?? {};
    if (containerUrl === undefined) return [];
    // Without a wildcard the path is the blob's own name.
    const isOne = !/[*?[]/.test(filePattern);
    const folder = isOne
      ? path.slice(0, path.lastIndexOf('/') + 1)
      : path.replace(/\/*$/, path === '' ? '' : '/');
    return [{ containerUrl: containerUrl.replace(/\?.*$/, '').replace(/\/+$/, ''), path: folder }];
  });
  return [...new Map(places.map((place) => [`${place.containerUrl} ${place.path}`, place])).values()];
}

/** The longest beginning that all of the folders have in common, up to a slash. */
export function commonFolder(paths: readonly string[]): string {
  const [first = '', ...others] = paths;
  const parts = first.split('/').slice(0, -1);
  while (parts.length > 0 && !others.every((path) => path.startsWith(`${parts.join('/')}/`))) parts.pop();
  return parts.length === 0 ? '' : `${parts.join('/')}/`;
}

const MOST_NAME = 63;
const HASH_LETTERS = 40;

/**
 * The container that the clients' file conventions use for the outputs of a job: `job-` and the id where that is a
 * container's name, otherwise what is left of the id and a digest of it, which `sha1` makes in hexadecimal.
 * @see https://github.com/Azure/azure-batch-samples/blob/master/CSharp/Microsoft.Azure.Batch.Conventions.Files
 */
export function jobContainer(jobId: string, sha1: (text: string) => string): string {
  const lower = jobId.toLowerCase();
  const plain = `job-${lower}`;
  if (plain.length <= MOST_NAME && /^[a-z0-9](?:-?[a-z0-9])*$/.test(plain)) return plain;
  const safe = lower.replace(/[^a-z0-9]+/g, '-').replace(/^-+|-+$/g, '') || 'job';
  const room = MOST_NAME - HASH_LETTERS - 'job--'.length;
  const kept = safe.slice(0, room).replace(/-+$/, '');
  return `job-${kept}-${sha1(lower)}`;
}
