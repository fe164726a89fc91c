/**
 * The door to `@azure/batch`: what every request needs of it, its pipeline and its credentials. The descriptions of its
 * operations, which are ten times as large, have a door of their own. The build takes these parts out of the package;
 * see scripts/lean-sdk.mjs. Import this module lazily.
 */
export { BatchServiceClientContext, BatchSharedKeyCredentials } from '@azure/batch';
export { AzureIdentityCredentialAdapter, HttpHeaders } from '@azure/ms-rest-js';
