import type { SignedTarget } from '../../api/port.ts';
import { startAction } from '../../store/actions/actions.ts';
import { startDownload } from '../../store/actions/download.ts';
import { startPublish } from '../../store/actions/publish.ts';
import { showResults } from '../../store/actions/results.ts';
import { copyUrls, startSigning } from '../../store/actions/storage.ts';
import { startUpload } from '../../store/actions/upload.ts';
import { topView } from '../../store/app-store.ts';
import { flash } from '../../store/flash.ts';
import { targetIds } from '../../store/list-moves.ts';
import type { Handlers, ScreenContext } from '../context.ts';
import { rowHere } from '../row-here.ts';
import { openFile } from './table-handlers.ts';

/** Keys of containers and blobs, and those that lead to them. */
export const STORAGE_HANDLERS: Handlers = {
  'containers.upload': (context) => {
    const here = rowHere(context);
    if (here !== undefined) startUpload(context.services, here.id);
  },
  'containers.copyUrl': (context) => copyUrls(context.services, targetsHere(context)),
  'containers.sign': (context) => startSigning(context.services, targetsHere(context)),
  'blobs.view': (context) => {
    const here = rowHere(context);
    if (here === undefined) return;
    if (here.id.endsWith('/')) flash(context.services.store, 'warn', 'a folder has no text: enter opens it');
    else openFile(context, here);
  },
  'blobs.upload': ({ services }) => {
    const view = topView(services.store.getState());
    if (view.kind !== 'list') return;
    const { container = '', folder } = view.scope;
    startUpload(services, container, folder);
  },
  'blobs.save': ({ services }) => startDownload(services),
  'blobs.copyUrl': (context) => copyUrls(context.services, targetsHere(context)),
  'blobs.sign': (context) => {
    const targets = targetsHere(context);
    const isFolder = targets.some(({ blob }) => blob?.endsWith('/'));
    if (isFolder) {
      const why = 'a folder cannot be signed for: sign its blobs, or the container';
      flash(context.services.store, 'warn', why);
    } else startSigning(context.services, targets);
  },
  'applications.publish': ({ services }) => startPublish(services),
  'applications.deleteVersion': ({ services }) => startAction(services, 'deleteVersion'),
  'packages.publish': ({ services }) => startPublish(services),
  'packages.makeDefault': ({ services }) => startAction(services, 'makeDefault'),
  'jobs.results': ({ services }) => showResults(services),
  'tasks.results': ({ services }) => showResults(services),
};

/** The marked containers or blobs, or the one under the cursor. */
function targetsHere(context: ScreenContext): SignedTarget[] {
  const here = rowHere(context);
  if (here === undefined) return [];
  const { container } = here.view.scope;
  return targetIds({ ...here.view, cursor: here.id }).map((id) =>
    container === undefined ? { container: id } : { container, blob: id },
  );
}
