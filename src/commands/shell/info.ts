import { regionOf } from '../../api/settings.ts';
import { findAccount } from '../../config/find-account.ts';
import { findManagement } from '../../config/find-management.ts';
import { chooseStorage } from '../../config/find-storage.ts';
import { CredentialError } from '../../lib/errors.ts';
import { VERSION } from '../../lib/version.ts';
import type { Arguments } from '../command-line.ts';
import type { ShellContext } from './context.ts';

type Line = readonly [label: string, value: string];

/** `azb info`: what azb knows without asking the service. Never prints a secret. */
export async function info(_args: Arguments, context: ShellContext): Promise<number> {
  const { paths, problems } = context.configuration;
  const lines: Line[] = [
    ['azb', VERSION],
    ['node', process.version],
    ['config', paths.configFile],
    ['az config', paths.azureConfigFile],
    ['state', paths.stateFile],
    ['saved rows', paths.dumpFolder],
    ...accountLines(context),
    ...managementLines(context),
    ...problems.map((problem): Line => ['problem', problem]),
  ];
  const width = Math.max(...lines.map(([label]) => label.length));
  await context.stdout.write(lines.map(([label, value]) => `${label.padEnd(width)}  ${value}\n`).join(''));
  return 0;
}

/** Where the accounts of subscriptions are asked for. */
function managementLines({ configuration }: ShellContext): Line[] {
  try {
    const { endpoint, credential } = findManagement(configuration, accountIn(configuration));
    return [
      [
        'accounts at',
        `${endpoint} (${credential.kind === 'shared key' ? 'the key as a token' : 'Entra ID'})`,
      ],
    ];
  } catch (error) {
    if (!(error instanceof CredentialError)) throw error;
    return [['accounts at', error.message]];
  }
}

function accountIn({ accountSources }: ShellContext['configuration']) {
  try {
    return findAccount(accountSources).settings;
  } catch (error) {
    if (error instanceof CredentialError) return undefined;
    throw error;
  }
}

/** Having no storage account is no problem. */
function storageLines({ configuration }: ShellContext, batch: { name: string; endpoint: string }): Line[] {
  const { settings, problem } = chooseStorage(configuration, batch);
  if (settings === undefined) return [['storage', `none: ${problem.message}`]];
  const { name, endpoint, credential, source } = settings;
  return [
    ['storage', `${name} (${source})`],
    ['its blobs', endpoint],
    ['its auth', credential.kind],
  ];
}

function accountLines(context: ShellContext): Line[] {
  try {
    const { settings, origins } = findAccount(context.configuration.accountSources);
    return [
      ['account', `${settings.name} (${origins.name})`],
      ['endpoint', `${settings.endpoint} (${origins.endpoint})`],
      ['region', regionOf(settings.endpoint)],
      ['auth', `${settings.credential.kind} (${origins.credential})`],
      ...storageLines(context, settings),
    ];
  } catch (error) {
    if (!(error instanceof CredentialError)) throw error;
    return [
      ['account', `none: ${error.message}`],
      ['try', error.next ?? 'azb help'],
    ];
  }
}
