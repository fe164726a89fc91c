import { homedir } from 'node:os';
import { join } from 'node:path';
import envPaths from 'env-paths';

/** Where azb reads and writes on this machine. */
export interface AzbPaths {
  /** The user's files: `config.yaml`, `aliases.yaml` and the others; azb never writes there. */
  readonly configFolder: string;
  /** `config.yaml`. */
  readonly configFile: string;
  /** What azb itself remembers: prompt history, sorting, the last view. */
  readonly stateFile: string;
  /** What `az` remembers: accounts, clouds, the Batch account of `az batch account login`. */
  readonly azureConfigFile: string;
  /** Where the UI saves rows and texts. */
  readonly dumpFolder: string;
}

/** The paths by the XDG rules (or the system's own on macOS and Windows), and az's own. */
export function azbPaths(env: NodeJS.ProcessEnv): AzbPaths {
  const { config, data, log } = envPaths('azb', { suffix: '' });
  // On Linux the XDG state folder is what env-paths calls log; elsewhere logs have a place of their own.
  const state = process.platform === 'darwin' || process.platform === 'win32' ? data : log;
  return {
    configFolder: config,
    configFile: join(config, 'config.yaml'),
    stateFile: join(state, 'state.json'),
    azureConfigFile: join(env.AZURE_CONFIG_DIR ?? join(homedir(), '.azure'), 'config'),
    dumpFolder: join(data, 'dumps'),
  };
}
