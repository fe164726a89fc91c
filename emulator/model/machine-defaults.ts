/** Members of a pool that only matter to machines, as the service shows them. */
export interface MachineMembers {
  readonly virtualMachineConfiguration?:
    | { readonly nodeAgentSKUId: string; readonly dataDisks?: readonly object[] | undefined }
    | undefined;
  readonly networkConfiguration?:
    | {
        readonly endpointConfiguration?:
          | { readonly inboundNATPools?: readonly object[] | undefined }
          | undefined;
      }
    | undefined;
  readonly userAccounts?: readonly object[] | undefined;
}

/** What is not said of networks, disks and accounts, with its defaults. Only members that were given are answered. */
export function machineDefaults(pool: MachineMembers): Record<string, unknown> {
  const { virtualMachineConfiguration: machine, networkConfiguration: network, userAccounts } = pool;
  return {
    ...(machine?.dataDisks === undefined
      ? {}
      : { virtualMachineConfiguration: { ...machine, dataDisks: machine.dataDisks.map(shownDisk) } }),
    ...(network === undefined ? {} : { networkConfiguration: shownNetwork(network) }),
    ...(userAccounts === undefined
      ? {}
      : { userAccounts: userAccounts.map((account) => shownAccount(account, pool)) }),
  };
}

function shownDisk(disk: object): object {
  return { caching: 'none', storageAccountType: 'standard_lrs', ...disk };
}

function shownNetwork(network: NonNullable<MachineMembers['networkConfiguration']>): object {
  const { endpointConfiguration: endpoints } = network;
  const natPools = endpoints?.inboundNATPools;
  return {
    dynamicVNetAssignmentScope: 'none',
    ...network,
    ...(natPools === undefined
      ? {}
      : { endpointConfiguration: { ...endpoints, inboundNATPools: natPools.map(shownNatPool) } }),
  };
}

function shownNatPool(natPool: { readonly networkSecurityGroupRules?: readonly object[] }): object {
  const { networkSecurityGroupRules: rules } = natPool;
  if (rules === undefined) return natPool;
  return {
    ...natPool,
    networkSecurityGroupRules: rules.map((rule) => ({ sourcePortRanges: ['*'], ...rule })),
  };
}

/** Whether the nodes of a pool would run Windows, as those of cloud services do. */
export function runsWindows(pool: MachineMembers): boolean {
  const agent = pool.virtualMachineConfiguration?.nodeAgentSKUId;
  return agent === undefined || /windows/i.test(agent);
}

/** Accounts of Windows tell how they log in, which on cloud services is another way than on virtual machines. */
function shownAccount(account: object, pool: MachineMembers): object {
  const loginMode = pool.virtualMachineConfiguration === undefined ? 'interactive' : 'batch';
  return {
    elevationLevel: 'nonadmin',
    ...(runsWindows(pool) ? { windowsUserConfiguration: { loginMode } } : {}),
    ...account,
  };
}
