/** @see https://learn.microsoft.com/rest/api/storageservices/blob-service-error-codes */
const ERRORS = {
  AppendPositionConditionNotMet: [412, 'The append position condition specified was not met.'],
  AuthenticationFailed: [
    403,
    'Server failed to authenticate the request. Make sure the value of Authorization header is formed correctly including the signature.',
  ],
  AuthorizationPermissionMismatch: [
    403,
    'This request is not authorized to perform this operation using this permission.',
  ],
  AuthorizationProtocolMismatch: [
    403,
    'This request is not authorized to perform this operation using this protocol.',
  ],
  AuthorizationResourceTypeMismatch: [
    403,
    'This request is not authorized to perform this operation using this resource type.',
  ],
  AuthorizationServiceMismatch: [
    403,
    'This request is not authorized to perform this operation using this service.',
  ],
  AuthorizationSourceIPMismatch: [
    403,
    'This request is not authorized to perform this operation using this source IP.',
  ],
  BlobAlreadyExists: [409, 'The specified blob already exists.'],
  BlobNotFound: [404, 'The specified blob does not exist.'],
  CannotVerifyCopySource: [404, 'The specified resource does not exist.'],
  ConditionNotMet: [412, 'The condition specified using HTTP conditional header(s) is not met.'],
  ContainerAlreadyExists: [409, 'The specified container already exists.'],
  ContainerNotFound: [404, 'The specified container does not exist.'],
  EmptyMetadataKey: [400, 'The key for one of the metadata key-value pairs is empty.'],
  InternalError: [500, 'The server encountered an internal error. Please retry the request.'],
  InvalidBlobOrBlock: [400, 'The specified blob or block content is invalid.'],
  InvalidBlobType: [409, 'The blob type is invalid for this operation.'],
  InvalidBlockList: [400, 'The specified block list is invalid.'],
  InvalidHeaderValue: [400, 'The value for one of the HTTP headers is not in the correct format.'],
  InvalidMd5: [
    400,
    'The MD5 value specified in the request is invalid. MD5 value must be 128 bits and base64 encoded.',
  ],
  InvalidMetadata: [400, 'The metadata specified is invalid. It has characters that are not permitted.'],
  InvalidQueryParameterValue: [
    400,
    'Value for one of the query parameters specified in the request URI is invalid.',
  ],
  InvalidRange: [416, 'The range specified is invalid for the current size of the resource.'],
  InvalidResourceName: [400, 'The specifed resource name contains invalid characters.'],
  InvalidUri: [400, 'The requested URI does not represent any resource on the server.'],
  InvalidXmlDocument: [400, 'XML specified is not syntactically valid.'],
  MaxBlobSizeConditionNotMet: [412, 'The max blob size condition specified was not met.'],
  Md5Mismatch: [
    400,
    'The MD5 value specified in the request did not match with the MD5 value calculated by the server.',
  ],
  MissingContentLengthHeader: [411, 'The Content-Length header was not specified.'],
  MissingRequiredHeader: [400, 'An HTTP header that is mandatory for this request is not specified.'],
  NoAuthenticationInformation: [
    401,
    'Server failed to authenticate the request. Please refer to the information in the www-authenticate header.',
  ],
  NoPendingCopyOperation: [409, 'There is currently no pending copy operation.'],
  NotImplemented: [501, 'The requested operation is not implemented on the specified resource.'],
  OutOfRangeInput: [400, 'One of the request inputs is out of range.'],
  OutOfRangeQueryParameterValue: [
    400,
    'One of the query parameters specified in the request URI is outside the permissible range.',
  ],
  RequestBodyTooLarge: [413, 'The request body is too large and exceeds the maximum permissible limit.'],
  ResourceNotFound: [404, 'The specified resource does not exist.'],
  ServerBusy: [503, 'The server is currently unable to receive requests. Please retry your request.'],
  UnsupportedHttpVerb: [405, "The resource doesn't support specified Http Verb."],
} as const satisfies Record<string, readonly [status: number, message: string]>;

export type StorageErrorCode = keyof typeof ERRORS;

/** A refusal on its way to a client of the storage account. `details` are further elements of the answer's body. */
export class StorageFault extends Error {
  override readonly name = 'StorageFault';
  readonly code: StorageErrorCode;
  readonly status: number;
  readonly details: Readonly<Record<string, string>>;

  constructor(code: StorageErrorCode, details: Readonly<Record<string, string>> = {}) {
    super(ERRORS[code][1]);
    this.code = code;
    this.status = ERRORS[code][0];
    this.details = details;
  }
}

/** The answer to what the service does and the emulator does not; `what` is what was asked for. */
export function notDone(what: string): StorageFault {
  return new StorageFault('NotImplemented', { Reason: `The azb emulator does not do this: ${what}` });
}

/** The refusal of a header's value. */
export function badHeader(name: string, value: string): StorageFault {
  return new StorageFault('InvalidHeaderValue', { HeaderName: name, HeaderValue: value });
}

/** The refusal of a query parameter's value. */
export function badParameter(name: string, value: string, reason?: string): StorageFault {
  return new StorageFault('InvalidQueryParameterValue', {
    QueryParameterName: name,
    QueryParameterValue: value,
    ...(reason === undefined ? {} : { Reason: reason }),
  });
}
