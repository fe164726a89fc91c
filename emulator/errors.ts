/**
 * What the service answers when it refuses: status and first line of the message for each code.
 * @see https://learn.microsoft.com/rest/api/batchservice/batch-status-and-error-codes
 */
const ERRORS = {
  AuthenticationFailed: [
    403,
    'Server failed to authenticate the request. Make sure the value of Authorization header is formed correctly including the signature.',
  ],
  InvalidAuthenticationInfo: [
    400,
    'The authentication information was not provided in the correct format. Verify the value of Authorization header.',
  ],
  IOError: [403, 'An I/O error occurred when accessing the specified resource.'],
  Forbidden: [403, 'Access is Forbidden.'],
  ConditionNotMet: [412, 'The condition specified using HTTP conditional header(s) is not met.'],
  MultipleConditionHeadersNotSupported: [400, 'Multiple condition headers are not supported.'],
  MissingRequiredHeader: [400, "An HTTP header that's mandatory for this request is not specified."],
  InvalidHeaderValue: [400, 'The value for one of the HTTP headers is not in the correct format.'],
  InvalidPropertyValue: [400, 'The value provided for one of the properties in the request body is invalid.'],
  InvalidQueryParameterValue: [
    400,
    'Value for one of the query parameters specified in the request URI is invalid.',
  ],
  OutOfRangeQueryParameterValue: [
    400,
    'A query parameter specified in the request URI is outside the permissible range.',
  ],
  MissingRequiredQueryParameter: [
    400,
    "A query parameter that's mandatory for this request is not specified.",
  ],
  UnsupportedQueryParameter: [
    400,
    'One of the query parameters specified in the request URI is not supported.',
  ],
  UnsupportedRequestVersion: [400, 'The specified request version is not supported.'],
  MissingRequiredProperty: [400, 'A required property was not specified in the request body.'],
  UnsupportedProperty: [400, 'One of the properties specified in the request body is not supported.'],
  InvalidRequestBody: [400, 'The specified Request Body is not syntactically valid.'],
  InvalidUri: [400, 'The requested URI does not represent any resource on the server.'],
  EmptyMetadataKey: [400, 'The key for one of the metadata key-value pairs is empty.'],
  InvalidInput: [400, 'One of the request inputs is not valid.'],
  RequestUrlFailedToParse: [400, 'The url in the request could not be parsed.'],
  InvalidAutoScalingSettings: [400, 'The specified auto-scaling settings are not valid.'],
  AutoScalingFormulaSyntaxError: [400, 'The specified auto-scaling formula has a syntax error.'],
  AutoScalingFormulaTooLong: [400, 'The specified auto-scaling formula exceeds lengths limit.'],
  TaskDependenciesNotSpecifiedOnJob: [
    400,
    'A task was specified as depending on other tasks, but the job did not specify that it would use task dependencies.',
  ],
  TaskDependencyListTooLong: [
    400,
    'A task was specified as depending on other tasks, but the list of dependencies was too long to be stored.',
  ],
  UnsupportedHttpVerb: [405, "The resource doesn't support the specified HTTP verb."],
  InvalidRange: [416, 'The range specified is invalid for the current size of the resource.'],
  RequestBodyTooLarge: [413, 'The request body is too large and exceeds the maximum permissible limit.'],
  ResourceNotFound: [404, 'The specified resource does not exist.'],
  PoolNotFound: [404, 'The specified pool does not exist.'],
  NodeNotFound: [404, 'The specified node does not exist.'],
  NodeUserNotFound: [404, 'The specified node user does not exist.'],
  JobNotFound: [404, 'The specified job does not exist.'],
  JobScheduleNotFound: [404, 'The specified job schedule does not exist.'],
  TaskNotFound: [404, 'The specified task does not exist.'],
  FileNotFound: [404, 'The specified file does not exist.'],
  CertificateNotFound: [404, 'The specified certificate does not exist.'],
  ApplicationNotFound: [404, 'The specified application does not exist.'],
  ExtensionNotFound: [404, 'The specified extension does not exist.'],
  PoolExists: [409, 'The specified pool already exists.'],
  PoolBeingDeleted: [409, 'The specified pool has been marked for deletion and is being reclaimed.'],
  PoolBeingResized: [409, 'The specified pool is being resized.'],
  PoolQuotaReached: [409, 'Pool quota for the account has been reached.'],
  OperationNotValidOnPool: [409, 'The specified operation is not valid on the pool.'],
  OperationNotValidOnNode: [409, 'The specified operation is not valid on the node.'],
  NodeNotReady: [409, 'The specified node is not ready.'],
  NodeStateUnusable: [409, 'The state of the specified node is unusable.'],
  NodeBeingCreated: [409, 'The specified node is being created.'],
  NodeBeingStarted: [409, 'The specified node is being started.'],
  NodeBeingRebooted: [409, 'The specified node is being rebooted.'],
  NodeBeingReimaged: [409, 'The specified node is being reimaged.'],
  NodeUserExists: [409, 'The specified node user already exists.'],
  NodeAlreadyInTargetSchedulingState: [409, 'The specified node is already in the target scheduling state.'],
  JobExists: [409, 'The specified job already exists.'],
  JobScheduleExists: [409, 'The specified job schedule already exists.'],
  JobWithSameIdExists: [
    409,
    'A job with the specified job schedule id exists. Job and job schedule cannot have the same id.',
  ],
  JobScheduleWithSameIdExists: [
    409,
    'A job schedule with the specified job id exists. Job and job schedule cannot have the same id.',
  ],
  JobBeingDeleted: [409, 'The specified job has been marked for deletion and is being garbage collected.'],
  JobBeingTerminated: [409, 'The specified job is being terminated.'],
  JobCompleted: [409, 'The specified job is already in a completed state.'],
  JobDisabled: [409, 'The specified job is disabled.'],
  JobNotActive: [409, 'The specified job is not in active state.'],
  JobScheduleBeingDeleted: [
    409,
    'The specified job schedule has been marked for deletion and is being reclaimed.',
  ],
  JobScheduleBeingTerminated: [409, 'The specified job schedule is being terminated.'],
  JobScheduleCompleted: [409, 'The specified job schedule is already in completed state.'],
  JobScheduleDisabled: [409, 'The specified job schedule is disabled.'],
  ActiveJobAndScheduleQuotaReached: [
    409,
    'Active job and job schedule quota for the account has been reached.',
  ],
  JobPreparationTaskOrReleaseTaskNotSpecified: [
    409,
    'The specified job does not have either job preparation task or job release task.',
  ],
  TaskExists: [409, 'The specified task already exists.'],
  TaskCompleted: [409, 'The specified task is already in a completed state.'],
  TaskNotCompleted: [
    409,
    'The specified task is not in a completed state, and the requested operation can be performed only on completed tasks.',
  ],
  TaskSucceeded: [
    409,
    'The specified task has already completed successfully, and the requested operation cannot be performed on successful tasks.',
  ],
  TaskIdSameAsJobPreparationTask: [409, 'The specified task id is same as the job preparation task.'],
  TaskIdSameAsJobReleaseTask: [409, 'The specified task id is same as the job release task.'],
  TaskFilesUnavailable: [409, 'The files of the specified task are unavailable.'],
  TaskFilesCleanedup: [409, 'The files of the specified task are cleanedup.'],
  InvalidApplicationPackageReferences: [
    409,
    'One or more of the specified application package references are invalid.',
  ],
  InvalidCertificateReferences: [409, 'One or more of the specified certificate references are invalid.'],
  CertificateExists: [409, 'The specified certificate already exists.'],
  CertificateBeingDeleted: [
    409,
    'The specified certificate has been marked for deletion and is being deleted.',
  ],
  CertificateStateActive: [409, 'The specified certificate is in active state.'],
  OperationInvalidForCurrentState: [
    409,
    'The specified operation is not valid for the current state of the resource.',
  ],
  TooManyEnableAutoScaleRequests: [503, 'Too many Enable Pool AutoScale requests are issued on the pool.'],
  TooManyRequests: [429, 'Request failed as server encountered too many requests. Please try again.'],
  ServerBusy: [503, 'Server is currently unable to receive requests. Please retry your request.'],
  OperationTimedOut: [500, 'Operation could not be completed within the specified time.'],
  InternalError: [500, 'Server encountered an internal error. Please try again after some time.'],
  NotImplemented: [501, 'The azb emulator does not do this yet.'],
} as const satisfies Record<string, readonly [status: number, message: string]>;

export type ErrorCode = keyof typeof ERRORS;

/** One line of detail of an error, as `az` prints them under the message. */
export interface ErrorValue {
  readonly key: string;
  readonly value: string;
}

/** A refusal on its way to the client. Thrown before anything was changed. */
export class BatchFault extends Error {
  override readonly name = 'BatchFault';
  readonly code: ErrorCode;
  readonly status: number;
  readonly values: readonly ErrorValue[];

  constructor(code: ErrorCode, values: Readonly<Record<string, string>> = {}) {
    super(ERRORS[code][1]);
    this.code = code;
    this.status = ERRORS[code][0];
    this.values = Object.entries(values).map(([key, value]) => ({ key, value }));
  }
}

/** The refusal of one property of a request body. */
export function invalidProperty(name: string, value: string | undefined, reason: string): BatchFault {
  return new BatchFault('InvalidPropertyValue', {
    PropertyName: name,
    ...(value === undefined ? {} : { PropertyValue: value }),
    Reason: reason,
  });
}
