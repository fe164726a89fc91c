/** Replaced by the version in package.json when azb is bundled. */
declare const AZB_VERSION: string | undefined;

/** The version of azb, or `0.0.0-dev` when it runs unbundled, as in unit tests. */
export const VERSION = typeof AZB_VERSION === 'string' ? AZB_VERSION : '0.0.0-dev';
