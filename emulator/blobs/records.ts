import type { Instant } from '../clock.ts';

export type Metadata = Readonly<Record<string, string>>;

/** Who may read without any proof of who they are: nobody, who knows a blob's name, or everybody, the list too. */
export type PublicAccess = 'none' | 'blob' | 'container';

export interface Container {
  readonly name: string;
  /** Tells a container from an earlier one of its name. */
  readonly number: number;
  readonly metadata: Metadata;
  readonly publicAccess: PublicAccess;
  readonly modified: Instant;
}

/** What a blob says of itself to whoever reads it. */
export interface BlobHeaders {
  readonly contentType?: string | undefined;
  readonly contentEncoding?: string | undefined;
  readonly contentLanguage?: string | undefined;
  readonly contentDisposition?: string | undefined;
  readonly cacheControl?: string | undefined;
  /** Base64. */
  readonly contentMd5?: string | undefined;
}

export interface CopyFacts {
  readonly id: string;
  readonly source: string;
  readonly completed: Instant;
}

export interface Blob {
  readonly name: string;
  readonly type: 'BlockBlob' | 'AppendBlob';
  /** Has had nothing but blocks put to it: it is listed only to who asks for such. */
  readonly uncommitted?: true;
  readonly size: number;
  readonly headers: BlobHeaders;
  readonly metadata: Metadata;
  /** The tier that was asked for; undefined where it follows from the account. */
  readonly tier?: string | undefined;
  /** Of an append blob: how many blocks were appended. */
  readonly appended?: number;
  readonly copy?: CopyFacts | undefined;
  readonly created: Instant;
  readonly modified: Instant;
}

/** A run of a blob's bytes: the beginning of a file. */
export interface Part {
  readonly file: string;
  readonly size: number;
  /** Base64 id of the block that it came as. */
  readonly block?: string;
}

/** A block that was put and is in no list yet. */
export interface Block {
  readonly id: string;
  readonly file: string;
  readonly size: number;
  readonly put: Instant;
}
