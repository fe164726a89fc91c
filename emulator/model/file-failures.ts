import type { FailureInformation, NameValue } from './failures.ts';

/**
 * Why a task's files could not be had or be put where they belong: who is to blame, and the message.
 * @see https://learn.microsoft.com/rest/api/batchservice/batch-status-and-error-codes
 */
const FAILURES = {
  BlobNotFound: ['UserError', 'One of the specified Azure Blob(s) is not found'],
  BlobAccessDenied: ['UserError', 'Access for one of the specified Azure Blob(s) is denied'],
  BlobDownloadTimedOut: [
    'ServerError',
    'Timeout encountered while downloading one of the specified Azure Blob(s)',
  ],
  BlobDownloadMiscError: [
    'ServerError',
    'Miscellaneous error encountered while downloading one of the specified Azure Blob(s)',
  ],
  ResourceContainerNotFound: ['UserError', 'One of the specified Azure Blob container(s) is not found'],
  ResourceContainerAccessDenied: [
    'UserError',
    'Access for one of the specified Azure Blob container(s) is denied',
  ],
  ResourceContainerListMiscError: [
    'ServerError',
    'Miscellaneous error encountered while listing one of the specified Azure Blob container(s)',
  ],
  ResourceDirectoryCreateFailed: [
    'ServerError',
    'Failure encountered creating resource directory for the task',
  ],
  ResourceFileCreateFailed: ['ServerError', 'Failure encountered creating resource file'],
  ResourceFileWriteFailed: ['ServerError', 'Failure encountered writing resource file'],
  DiskFull: ['ServerError', 'There is not enough disk space on the node that was selected to run the task'],
  FileUploadContainerNotFound: [
    'UserError',
    'One of the specified Azure container(s) was not found while attempting to upload an output file',
  ],
  FileUploadAccessDenied: [
    'UserError',
    'Access for one of the specified Azure container(s) is denied while attempting to upload an output file',
  ],
  FileUploadMiscError: [
    'ServerError',
    'Miscellaneous error encountered while attempting to upload an output file',
  ],
} as const satisfies Record<string, readonly [FailureInformation['category'], string]>;

export type FileFailureCode = keyof typeof FAILURES;

/** The failure as a task shows it. */
export function fileFailure(
  code: FileFailureCode,
  details: Readonly<Record<string, string>>,
): FailureInformation {
  const [category, message] = FAILURES[code];
  const values: NameValue[] = Object.entries(details).map(([name, value]) => ({ name, value }));
  return { category, code, message, details: values };
}

/** Whether a failure came after the task's process had ended, when its files were uploaded. */
export function isUploadFailure(failure: FailureInformation | undefined): boolean {
  return failure?.code.startsWith('FileUpload') === true;
}
