/** Members that go in and never come out again. */
const SECRETS: ReadonlySet<string> = new Set([
  'password',
  'sshPrivateKey',
  'accountKey',
  'sasKey',
  'protectedSettings',
]);

/** A copy of a JSON value without the secrets in it, at any depth. */
export function withoutSecrets<T>(value: T): T {
  if (Array.isArray(value)) return value.map(withoutSecrets) as T;
  if (typeof value !== 'object' || value === null) return value;
  const kept = Object.entries(value).filter(([name]) => !SECRETS.has(name));
  return Object.fromEntries(kept.map(([name, member]) => [name, withoutSecrets(member)])) as T;
}
