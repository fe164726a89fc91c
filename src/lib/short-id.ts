/** Node ids are 70 characters of which the beginning tells them apart well enough in a line of text. */
export function shortId(id: string): string {
  return /^tvmps_[0-9a-f]{64}/.test(id) ? `${id.slice(0, 14)}…` : id;
}
