import { describe, expect, it } from 'vitest';
import { ServiceError } from '../../../../src/lib/errors.ts';
import type { Operation } from '../../../../src/resources/types.ts';
import { startSsh } from '../../../../src/store/actions/ssh.ts';
import type { FormDialog } from '../../../../src/store/dialogs.ts';
import { submitForm } from '../../../../src/store/forms/form-submit.ts';
import { setFieldValue } from '../../../../src/store/forms/forms.ts';
import type { Services } from '../../../../src/store/services.ts';
import { textView } from '../../../../src/store/views.ts';
import { type StoreKitOptions, storeKit } from '../../../support/store-kit.ts';

const NODE = { id: 'n1', state: 'idle', ipAddress: '10.0.0.4' };
const SETTINGS = { remoteLoginIPAddress: '20.1.2.3', remoteLoginPort: 50001 };

interface Machine {
  readonly key?: boolean;
  readonly status?: number;
  run?(): void;
}

/** A node on the screen, and a machine whose ssh only remembers how it was called. */
function atNode(port: StoreKitOptions['port'] = {}, machine: Machine = {}) {
  const kit = storeKit({
    view: textView('describe', 'nodes', { pool: 'p' }, 'n1'),
    port: { get: async () => NODE, ask: async () => SETTINGS, ...port },
  });
  const calls: (readonly [string, readonly string[]])[] = [];
  const services = kit.services as { host: Services['host'] };
  services.host = {
    ...services.host,
    publicKey: () =>
      machine.key === false ? undefined : { text: 'ssh-ed25519 AAAA me', identityFile: '/keys/id_ed25519' },
    runProgram: (command, args) => {
      calls.push([command, args]);
      machine.run?.();
      return machine.status ?? 0;
    },
  };
  const start = async () => {
    startSsh(kit.services);
    await kit.done();
  };
  const acted = () => kit.port.asked('act').map(([operation]) => (operation as Operation).action);
  return {
    ...kit,
    start,
    calls,
    acted,
    form: () => kit.store.getState().overlay as FormDialog,
    flashed: () => kit.store.getState().flash?.text,
  };
}

describe('ssh to a node', () => {
  it('makes a user with the key and an end, runs ssh, and removes the user', async () => {
    const kit = atNode();
    await kit.start();
    expect(kit.form()).toMatchObject({ values: { way: 'public 20.1.2.3:50001' }, note: undefined });
    await submitForm(kit.services);
    const [user] = kit.port.asked('act')[0] as [Operation];
    expect(user).toMatchObject({ resource: 'nodes', scope: { pool: 'p' }, id: 'n1' });
    expect(user.args).toMatchObject({ name: 'azb', isAdmin: 'yes', sshPublicKey: 'ssh-ed25519 AAAA me' });
    const lives = Date.parse(String(user.args?.expiryTime)) - kit.timing.now();
    expect(lives).toBe(8 * 3_600_000);
    expect(kit.calls).toEqual([
      ['ssh', ['-p', '50001', '-i', '/keys/id_ed25519', '-o', 'HostKeyAlias=n1', '--', 'azb@20.1.2.3']],
    ]);
    expect(kit.acted()).toEqual(['addUser', 'deleteUser']);
    expect(kit.store.getState().overlay).toBeUndefined();
  });

  it('says plainly when the pool maps no port, and goes by the private address through a jump host', async () => {
    const kit = atNode({
      ask: async () => {
        throw new ServiceError({ status: 409, code: 'OperationNotValidOnNode', message: 'no endpoint' });
      },
    });
    await kit.start();
    expect(kit.form().note).toContain('maps no port 22 to its nodes (no endpoint)');
    expect(kit.form().fields[0]?.choices).toEqual(['private 10.0.0.4:22']);
    setFieldValue(kit.services, 'jump', 'me@bastion');
    await submitForm(kit.services);
    expect(kit.calls[0]?.[1].join(' ')).toContain('-p 22 -i /keys/id_ed25519');
    expect(kit.calls[0]?.[1].join(' ')).toContain('-J me@bastion -- azb@10.0.0.4');
  });

  it('removes the user also when ssh could not start or could not log in', async () => {
    const broken = atNode(
      {},
      {
        run: () => {
          throw new Error('no ssh here');
        },
      },
    );
    await broken.start();
    await submitForm(broken.services);
    expect(broken.acted()).toEqual(['addUser', 'deleteUser']);
    expect(broken.form().error?.message).toBe('no ssh here');
    const refused = atNode({}, { status: 255 });
    await refused.start();
    await submitForm(refused.services);
    expect(refused.acted()).toEqual(['addUser', 'deleteUser']);
    expect(refused.flashed()).toBe('ssh could not log in to 20.1.2.3:50001');
  });

  it("leaves somebody else's user alone", async () => {
    const kit = atNode({
      act: async () => {
        throw new ServiceError({ status: 409, code: 'NodeUserExists', message: 'exists' });
      },
    });
    await kit.start();
    await submitForm(kit.services);
    expect(kit.acted()).toEqual(['addUser']);
    expect(kit.calls).toEqual([]);
    expect(kit.form().error?.message).toBe('the node has a user azb already');
  });

  it('says until when the user stays when it cannot be removed', async () => {
    const kit = atNode({
      act: async ({ action }) => {
        if (action === 'deleteUser') throw new ServiceError({ status: 500, code: 'E', message: 'later' });
      },
    });
    await kit.start();
    await submitForm(kit.services);
    expect(kit.form().error?.message).toMatch(/^the user azb is still on the node until 20.*: later/);
  });

  it('says what is missing before anything is asked', async () => {
    const keyless = atNode({}, { key: false });
    await keyless.start();
    expect(keyless.flashed()).toContain('ssh-keygen makes one');
    const starting = atNode({ get: async () => ({ ...NODE, state: 'starting' }) });
    await starting.start();
    expect(starting.flashed()).toContain('only an idle or running node takes users');
    expect(starting.store.getState().overlay).toBeUndefined();
  });
});
