/**
 * The one door to `@azure/arm-batch` and what it stands on. Import this module lazily: nothing of it is needed before
 * the first rows of an account are on the screen.
 */
export { BatchManagementClient } from '@azure/arm-batch';
export { createHttpPoller } from '@azure/core-lro';
export { bearerTokenAuthenticationPolicyName, createPipelineRequest } from '@azure/core-rest-pipeline';
