import type { FileRef } from '../api/port.ts';
import type { Scope } from '../resources/types.ts';
import type { ListView, TailView, TextView, View } from './state.ts';

/** `|` cannot stand in an id, so that two scopes never share a key. */
function scopeKey(scope: Scope): string {
  const { account, application, container } = scope;
  const batch = `${scope.pool ?? ''}|${scope.node ?? ''}|${scope.job ?? ''}|${scope.task ?? ''}`;
  if (account !== undefined) return `${batch}|of ${account}`;
  if (application !== undefined) return `${batch}|application ${application}`;
  // A blob may have any character in its name.
  return container === undefined
    ? batch
    : `${batch}|${container}|${(scope.folder ?? '').replaceAll('|', '%7C')}`;
}

/** The name of a list's data. */
export function feedKey(resource: string, scope: Scope, pushedFilter?: string): string {
  return `${resource}|${scopeKey(scope)}|${pushedFilter ?? ''}`;
}

/** Places in the name of a list's data. */
const PLACE = { pools: 1, jobs: 3 } as const;

/** Whether a list's data, by its name, is of what is in this pool or job. */
export function isWithin(key: string, resource: string, id: string): boolean {
  return (resource === 'pools' || resource === 'jobs') && key.split('|')[PLACE[resource]] === id;
}

/** The name of a view's data. */
export function feedKeyOf(view: ListView): string {
  return feedKey(view.resource, view.scope, view.pushedFilter);
}

/** The name of one entity's data; why it does not run is another document than the entity itself. */
export function documentKey(
  view: Pick<TextView, 'resource' | 'scope' | 'id'> & { readonly format?: TextView['format'] },
): string {
  const kind = view.format === 'why' ? 'why|' : '';
  return `${kind}${view.resource}|${scopeKey(view.scope)}|${view.id}`;
}

/** Tells one file of the service from all others. */
export function fileKey(file: FileRef): string {
  switch (file.kind) {
    case 'task':
      return `task|${file.job}|${file.task}|${file.path}`;
    case 'node':
      return `node|${file.pool}|${file.node}|${file.path}`;
    case 'blob':
      return `blob|${file.container}|${file.path}`;
  }
}

/** The name of a tail's text. */
export function tailKey(view: TailView): string {
  return view.files.map(fileKey).join(' + ');
}

/** Apart from all lists and documents. */
export function tailSourceKey(view: TailView): string {
  return `tail|${tailKey(view)}`;
}

/** Names what has to be asked for while a view is on the screen; undefined where nothing has to be. */
export function sourceKey(view: View): string | undefined {
  switch (view.kind) {
    case 'list':
      return feedKeyOf(view);
    case 'text':
      return documentKey(view);
    case 'tail':
      return tailSourceKey(view);
    default:
      return undefined;
  }
}
