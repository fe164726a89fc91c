/**
 * The one door to `@azure/batch` and its runtime. Both are CommonJS without names that Node or a bundler can
 * detect, so they are taken whole and what azb uses is re-exported. Import this module lazily: loading the
 * SDK takes a third of a second.
 */
import batch from '@azure/batch';
import msRest from '@azure/ms-rest-js';

export const BatchServiceClient = batch.BatchServiceClient;
export type BatchServiceClient = InstanceType<typeof batch.BatchServiceClient>;
export const BatchSharedKeyCredentials = batch.BatchSharedKeyCredentials;
export const AzureIdentityCredentialAdapter = msRest.AzureIdentityCredentialAdapter;
