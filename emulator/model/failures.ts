export interface NameValue {
  readonly name?: string | undefined;
  readonly value?: string | undefined;
}

export interface FailureInformation {
  readonly category: 'UserError' | 'ServerError';
  readonly code: string;
  readonly message: string;
  readonly details?: readonly NameValue[] | undefined;
}

export interface ResizeError {
  readonly code: string;
  readonly message: string;
  readonly values?: readonly NameValue[] | undefined;
}
