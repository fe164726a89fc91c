import type { Readable } from 'node:stream';
import type { Instant } from '../clock.ts';
import type { Access } from './access.ts';
import type { BlobStore } from './blob-store.ts';
import type { StorageRequest } from './request.ts';
import { type XmlElement, xmlDocument } from './xml.ts';

/** What an operation answers. */
export interface StorageReply {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly xml?: XmlElement;
  /** Bytes to send as they come, of a known length; whoever answers destroys the content, sent or not. */
  readonly stream?: { readonly length: number; readonly content: Readable };
}

/** What operations work with. */
export interface Operating {
  readonly store: BlobStore;
  readonly request: StorageRequest;
  readonly access: Access;
  /** The present; no two calls give the same. */
  readonly now: () => Instant;
  /** Checks a URL of a blob of this account that is to be copied, and gives the request that it stands for. */
  readonly sourceOf: (url: string) => StorageRequest;
}

export type Operate = (operating: Operating) => StorageReply | Promise<StorageReply>;

/** The name of the container that a request is about. */
export function containerName({ container }: StorageRequest): string {
  if (container === undefined) throw new TypeError('The operation is about no container.');
  return container;
}

/** The name of the blob that a request is about. */
export function blobName({ blob }: StorageRequest): string {
  if (blob === undefined) throw new TypeError('The operation is about no blob.');
  return blob;
}

/** The document as it is sent. */
export function xmlBody(xml: XmlElement): Buffer {
  return Buffer.from(xmlDocument(xml), 'utf8');
}
