import { BatchFault } from '../errors.ts';
import { entityReply } from '../http/reply.ts';
import { pathParameter } from '../http/request.ts';
import type { Application } from '../packages/application-catalog.ts';
import { listReply } from './query.ts';
import type { Handler } from './service.ts';

export const listApplications: Handler = ({ world }, request) =>
  listReply(request, {
    metadata: 'listapplicationsummariesresponses',
    items: world.applications.all(),
    keyOf: ({ id }) => id,
    view: applicationView,
  });

export const getApplication: Handler = ({ world }, request) => {
  const application = world.applications.get(pathParameter(request, 'applicationId'));
  if (application === undefined) throw new BatchFault('ApplicationNotFound');
  return entityReply(request, 'getapplicationsummaryresponse', applicationView(application));
};

function applicationView({ id, versions, displayName }: Application): object {
  return { id, versions, displayName };
}
