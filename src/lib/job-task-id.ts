/** The id of a task among those of all jobs, as `azb logs` takes it. Neither part can have a slash. */
export function jobTaskId(job: string, task: string): string {
  return `${job}/${task}`;
}

/** Job and task of such an id; undefined when it has no slash between two names. */
export function splitJobTaskId(id: string): { readonly job: string; readonly task: string } | undefined {
  const at = id.indexOf('/');
  return at < 1 || at === id.length - 1 ? undefined : { job: id.slice(0, at), task: id.slice(at + 1) };
}
