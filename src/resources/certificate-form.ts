import type { Form } from './types.ts';

/** The only algorithm that the service knows for thumbprints. */
const ALGORITHM = 'sha1';

export const CERTIFICATE_FORM: Form = {
  title: 'New certificate',
  fields: () => [
    {
      name: 'thumbprint',
      label: 'Thumbprint',
      kind: 'text',
      initial: '',
      hint: 'SHA-1, 40 hexadecimal digits',
      check: (value) => (/^[0-9a-f]{40}$/i.test(value) ? undefined : '40 hexadecimal digits'),
    },
    { name: 'certificateFormat', label: 'Format', kind: 'choice', initial: 'pfx', choices: ['pfx', 'cer'] },
    {
      name: 'data',
      label: 'Content',
      kind: 'secret',
      initial: '',
      hint: 'the file in base64, pasted: base64 -w0 FILE',
      check: (value) => (/^[A-Za-z0-9+/]+=*$/.test(value) ? undefined : 'the file in base64'),
    },
    {
      name: 'password',
      label: 'Password',
      kind: 'secret',
      initial: '',
      hint: 'of the private key',
      shown: ({ certificateFormat }) => certificateFormat === 'pfx',
    },
  ],
  template: ({ thumbprint, certificateFormat, data, password = '' }) => ({
    thumbprint,
    thumbprintAlgorithm: ALGORITHM,
    certificateFormat,
    data,
    ...(certificateFormat === 'pfx' && password !== '' ? { password } : {}),
  }),
};
