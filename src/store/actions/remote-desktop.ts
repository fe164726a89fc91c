import { flash } from '../flash.ts';
import { portOf, type Services } from '../services.ts';
import { subjectHere, whileBusy } from './subject.ts';

/** Saves the file with which a remote desktop client opens the node under the cursor; `u` makes a user for it. */
export function saveRemoteDesktop(services: Services): void {
  const subject = subjectHere(services);
  if (subject === undefined) {
    flash(services.store, 'warn', 'there is no node under the cursor');
    return;
  }
  const { resource, scope, id } = subject;
  const question = { resource: resource.name, action: 'remoteDesktop', scope, id };
  const save = async (): Promise<void> => {
    const answer = await portOf(services).ask(question, new AbortController().signal);
    const { file = '' } = answer as { file?: string };
    const path = services.host.saveFile(`${id.slice(0, 14)}.rdp`, file);
    flash(services.store, 'info', `saved ${path}; u makes a user to log in as`);
  };
  services.background(whileBusy(services, save));
}
