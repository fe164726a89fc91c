import { APPLICATION_ID, VERSION_NAME } from './application.ts';
import type { Entity, Field, FormValues } from './types.ts';

/** The application packages that a task asks for, as text: `tool` in its default version, `tool:1.0`. */
export const PACKAGES_FIELD: Field = {
  name: 'packages',
  label: 'Packages',
  kind: 'reference',
  resource: 'applications',
  optional: true,
  initial: '',
  hint: 'enter picks an application; or type several: tool, tool:1.0; the task finds them in $AZ_BATCH_APP_PACKAGE_tool, …_tool_1_0',
  check: (value) => wordsOf(value).map(problemOf).find(Boolean),
};

/**
 * The `applicationPackageReferences` that the words of the field stand for; without words there are none.
 * @see https://learn.microsoft.com/azure/batch/batch-application-packages#install-packages-on-compute-nodes
 */
export function packageReferences({ packages }: FormValues): {
  readonly applicationPackageReferences?: readonly Entity[];
} {
  const words = wordsOf(packages);
  return words.length === 0 ? {} : { applicationPackageReferences: words.map(reference) };
}

function wordsOf(text = ''): string[] {
  return text.split(/[\s,]+/).filter((word) => word !== '');
}

function reference(word: string): Entity {
  const [applicationId = '', version] = word.split(':');
  return { applicationId, ...(version === undefined ? {} : { version }) };
}

function problemOf(word: string): string | undefined {
  const [application = '', version, ...more] = word.split(':');
  if (!APPLICATION_ID.test(application)) return `${application} is no id of an application`;
  if (more.length > 0 || (version !== undefined && !VERSION_NAME.test(version)))
    return `${word} is written APPLICATION:VERSION`;
  return undefined;
}
