/** Samples of what the management plane tells. */

const SUBSCRIPTION = '/subscriptions/00000000-0000-0000-0000-00000000000a/resourceGroups';

const properties = (name: string, region: string, more: object = {}) => ({
  accountEndpoint: `${name}.${region}.batch.azure.com`,
  provisioningState: 'Succeeded',
  allowedAuthenticationModes: ['SharedKey', 'AAD', 'TaskAuthenticationToken'],
  ...more,
});

export const ACCOUNTS: readonly object[] = [
  {
    id: `${SUBSCRIPTION}/rendering/providers/Microsoft.Batch/batchAccounts/contoso`,
    name: 'contoso',
    location: 'westeurope',
    subscription: 'Contoso production',
    tags: { team: 'render' },
    properties: properties('contoso', 'westeurope'),
  },
  {
    id: `${SUBSCRIPTION}/nightly/providers/Microsoft.Batch/batchAccounts/nightly`,
    name: 'nightly',
    location: 'northeurope',
    subscription: 'Contoso production',
    properties: properties('nightly', 'northeurope', { allowedAuthenticationModes: ['AAD'] }),
  },
  {
    id: `${SUBSCRIPTION}/nightly/providers/Microsoft.Batch/batchAccounts/fresh`,
    name: 'fresh',
    location: 'northeurope',
    subscription: 'Contoso production',
    properties: properties('fresh', 'northeurope', { provisioningState: 'Creating' }),
  },
];

export const QUOTAS: readonly object[] = [
  { name: 'dedicated cores', kind: 'cores', quota: 500, used: 388 },
  { name: 'Spot cores', kind: 'cores', quota: 100, used: 0 },
  { name: 'pools', kind: 'count', quota: 100, used: 3 },
  { name: 'active jobs and schedules', kind: 'count', quota: 300, used: 299 },
  {
    name: 'standardDv2Family',
    kind: 'family',
    quota: 500,
    used: 292,
    usedBy: [
      { pool: 'mypool', vmSize: 'standard_d2_v2', nodes: 2, cores: 4 },
      { pool: 'render-gpu', vmSize: 'standard_d16_v2', nodes: 18, cores: 288 },
    ],
    sizes: [
      { name: 'Standard_D1_v2', cores: 1 },
      { name: 'Standard_D2_v2', cores: 2 },
      { name: 'Standard_D16_v2', cores: 16 },
    ],
  },
  { name: 'standardNCFamily', kind: 'family', quota: 96, used: 96 },
  { name: 'standardFSv2Family', kind: 'family', quota: 100, used: 0 },
  { name: 'standardHBv3Family', kind: 'family', quota: 0, used: 0 },
  { name: 'standardMSFamily', kind: 'family', quota: undefined, used: undefined },
];

/** The versions of an application. */
export const PACKAGES = [
  {
    name: '1.0',
    isDefault: true,
    properties: { state: 'Active', format: 'zip', lastActivationTime: '2026-02-28T10:00:00Z' },
  },
  { name: '1.1', isDefault: false, properties: { state: 'Active', format: 'zip' } },
  { name: '2.0', isDefault: false, properties: { state: 'Pending' } },
];

/** Sizes that pools can have, as the port tells of them. */
export const VM_SIZES: readonly object[] = [
  { name: 'Standard_A1_v2', family: 'standardAv2Family', vCPUs: 1, quota: undefined, isSpotCapable: false },
  {
    name: 'Standard_D2_v2',
    family: 'standardDv2Family',
    vCPUs: 2,
    memory: 7,
    isSpotCapable: true,
    quota: 500,
  },
  { name: 'Standard_D16_v2', family: 'standardDv2Family', vCPUs: 16, quota: 500 },
  { name: 'Standard_NC6s_v3', family: 'standardNCSv3Family', vCPUs: 6, memory: 112, gpus: 1, quota: 0 },
  { name: 'Standard_HB120rs_v3', family: 'standardHBv3Family', vCPUs: 120, quota: 0 },
];
