import { CERTIFICATE_FORM } from './certificate-form.ts';
import { defineResource } from './types.ts';
import { sameWord, time } from './wire.ts';

/** @see https://learn.microsoft.com/rest/api/batchservice/certificate/get#certificate */
export interface Certificate {
  readonly thumbprint: string;
  readonly thumbprintAlgorithm: string;
  readonly state?: string;
  readonly previousState?: string;
  readonly stateTransitionTime?: string;
  readonly deleteCertificateError?: { readonly code?: string; readonly message?: string };
}

export const certificates = defineResource<Certificate>({
  name: 'certificates',
  singular: 'certificate',
  aliases: ['certificate', 'certs', 'cert'],
  scopes: [[]],
  help: 'Certificates that pools install on their nodes; Azure Key Vault takes their place',
  idOf: (row) => `${row.thumbprintAlgorithm}-${row.thumbprint}`,
  selectable: true,
  deltas: false,
  columns: [
    {
      id: 'thumbprint',
      title: 'THUMBPRINT',
      kind: 'text',
      select: ['thumbprint'],
      sortKey: 'N',
      maxWidth: 64,
      value: (row) => row.thumbprint,
    },
    {
      id: 'algorithm',
      title: 'ALGORITHM',
      kind: 'text',
      select: ['thumbprintAlgorithm'],
      value: (row) => row.thumbprintAlgorithm,
    },
    {
      id: 'state',
      title: 'STATE',
      kind: 'state',
      select: ['state'],
      sortKey: 'S',
      value: (row) => row.state,
    },
    {
      id: 'fault',
      title: 'FAULT',
      kind: 'text',
      select: ['deleteCertificateError'],
      value: (row) => row.deleteCertificateError?.code,
      tone: () => 'bad',
    },
    {
      id: 'since',
      title: 'SINCE',
      kind: 'age',
      select: ['stateTransitionTime'],
      sortKey: 'T',
      value: (row) => time(row.stateTransitionTime),
    },
  ],
  alsoSelect: [],
  stateFilters: [
    { label: 'active', odata: "state eq 'active'", test: (row) => sameWord(row.state, 'active') },
    { label: 'deleting', odata: "state eq 'deleting'", test: (row) => sameWord(row.state, 'deleting') },
    { label: 'not deleted', odata: "state eq 'deletefailed'", test: isFaulty },
  ],
  tone: (row) => {
    if (isFaulty(row)) return 'bad';
    return sameWord(row.state, 'deleting') ? 'dim' : 'plain';
  },
  faulty: isFaulty,
  actions: [
    {
      name: 'delete',
      label: 'delete',
      dangerous: true,
      warning: 'The service refuses while a pool refers to it.',
      disabled: (row) => (sameWord(row.state, 'deleting') ? 'it is being deleted already' : undefined),
      az: (id) => `az batch certificate delete --thumbprint ${thumbprintOf(id)} --yes`,
    },
    {
      name: 'cancelDeletion',
      label: 'cancel the deletion of',
      dangerous: true,
      disabled: (row) => (isFaulty(row) ? undefined : 'only a deletion that failed can be cancelled'),
      az: (id) => `az batch certificate delete --thumbprint ${thumbprintOf(id)} --abort`,
    },
  ],
  form: CERTIFICATE_FORM,
});

function isFaulty(row: Certificate): boolean {
  return sameWord(row.state, 'deletefailed');
}

function thumbprintOf(id: string): string {
  return id.replace(/^sha1-/, '');
}
