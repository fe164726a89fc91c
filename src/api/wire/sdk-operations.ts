/** The door to the typed operations of `@azure/batch`. Import this module lazily: most of the SDK is descriptions of them. */
export { BatchServiceClient } from '@azure/batch';
