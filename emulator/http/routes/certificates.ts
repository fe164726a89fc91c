import type { Route } from './route.ts';

/** The operations on certificates. */
export const CERTIFICATE_ROUTES = [
  {
    id: 'Certificate_Add',
    method: 'POST',
    path: '/certificates',
    success: 201,
    body: 'CertificateAddParameter',
  },
  {
    id: 'Certificate_List',
    method: 'GET',
    path: '/certificates',
    success: 200,
    query: ['$filter', '$select', 'maxresults'],
  },
  {
    id: 'Certificate_CancelDeletion',
    method: 'POST',
    path: '/certificates(thumbprintAlgorithm={thumbprintAlgorithm},thumbprint={thumbprint})/canceldelete',
    success: 204,
  },
  {
    id: 'Certificate_Delete',
    method: 'DELETE',
    path: '/certificates(thumbprintAlgorithm={thumbprintAlgorithm},thumbprint={thumbprint})',
    success: 202,
  },
  {
    id: 'Certificate_Get',
    method: 'GET',
    path: '/certificates(thumbprintAlgorithm={thumbprintAlgorithm},thumbprint={thumbprint})',
    success: 200,
    query: ['$select'],
  },
] as const satisfies readonly Route[];
