/** A file, or a container of files, that is fetched before a task runs. Exactly one of the three sources is given. */
export interface ResourceFile {
  readonly httpUrl?: string | undefined;
  readonly storageContainerUrl?: string | undefined;
  readonly autoStorageContainerName?: string | undefined;
  /** Only blobs whose names begin so. */
  readonly blobPrefix?: string | undefined;
  /** The file's path in the task's working directory, or the directory for the files of a container. */
  readonly filePath?: string | undefined;
  /** Permissions in octal. */
  readonly fileMode?: string | undefined;
  readonly identityReference?: unknown;
}

/** Files that are uploaded after a task ran. */
export interface OutputFile {
  readonly filePattern: string;
  readonly destination: {
    readonly container?:
      | {
          readonly containerUrl: string;
          readonly path?: string | undefined;
          readonly uploadHeaders?: readonly { readonly name: string; readonly value?: string }[] | undefined;
          readonly identityReference?: unknown;
        }
      | undefined;
  };
  readonly uploadOptions: { readonly uploadCondition: 'tasksuccess' | 'taskfailure' | 'taskcompletion' };
}
