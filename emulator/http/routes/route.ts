/** One operation of the service. */
export interface Route {
  /** The operation's id in the service's OpenAPI description. */
  readonly id: string;
  readonly method: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Path template; a `{name}` takes one segment (or the part of one between literals). */
  readonly path: string;
  /** Status of the answer when the operation succeeds. */
  readonly success: number;
  /** Query parameters taken beside api-version and timeout, in lower case. */
  readonly query?: readonly string[];
  /** Schema of the body. */
  readonly body?: string;
  readonly bodyOptional?: boolean;
  /** Whether If-Match and the other conditional headers count. */
  readonly conditional?: boolean;
}
