import type { PackageReference } from '../packages/application-catalog.ts';
import type { ResizeError } from './failures.ts';

export interface ImageReference {
  readonly publisher?: string | undefined;
  readonly offer?: string | undefined;
  readonly sku?: string | undefined;
  readonly version?: string | undefined;
  readonly virtualMachineImageId?: string | undefined;
}

/** The latest evaluation of a pool's autoscale formula. */
export interface AutoScaleRun {
  readonly timestamp: string;
  readonly results: string;
  readonly error?: ResizeError | undefined;
}

/** Ports by which one port of each node is reached from outside. */
export interface InboundNatPool {
  readonly name: string;
  readonly protocol: string;
  readonly backendPort: number;
  readonly frontendPortRangeStart: number;
  readonly frontendPortRangeEnd: number;
  readonly networkSecurityGroupRules?: readonly { readonly priority: number }[] | undefined;
}

export interface CertificateReference {
  readonly thumbprint: string;
  readonly thumbprintAlgorithm: string;
  readonly visibility?: readonly ('starttask' | 'task' | 'remoteuser')[] | undefined;
}

/** A package on a node: the reference, and the version that it stood for when it was unpacked. */
export interface InstalledPackage extends PackageReference {
  readonly installed: string;
}
