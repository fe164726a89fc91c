import { homedir } from 'node:os';
import { join } from 'node:path';
import envPaths from 'env-paths';

/** Where azb reads and writes on this machine. */
export interface AzbPaths {
  /** `config.yaml`. */
  readonly configFile: string;
  /** What `az` remembers: accounts, clouds, the Batch account of `az batch account login`. */
  readonly azureConfigFile: string;
  /** Where the UI saves rows and texts. */
  readonly dumpFolder: string;
}

/** The paths by the XDG rules (or the system's own on macOS and Windows), and az's own. */
export function azbPaths(env: NodeJS.ProcessEnv): AzbPaths {
  return {
    configFile: join(envPaths('azb', { suffix: '' }).config, 'config.yaml'),
    azureConfigFile: join(env.AZURE_CONFIG_DIR ?? join(homedir(), '.azure'), 'config'),
    dumpFolder: join(envPaths('azb', { suffix: '' }).data, 'dumps'),
  };
}
