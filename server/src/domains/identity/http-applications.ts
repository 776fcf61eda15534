import * as contract from '@sluice/contract/applications';
import { inTransaction } from '../../platform/context.ts';
import { invariant, notFound } from '../../platform/errors.ts';
import type { Caller } from '../../platform/http/caller.ts';
import { pageOf, readCursor } from '../../platform/http/pages.ts';
import type { Routes } from '../../platform/http/routes.ts';
import {
  createApplicationKey,
  listApplicationKeys,
  revokeApplicationKey,
} from './operations/application-keys.ts';
import { createApplication, updateApplication } from './operations/create-application.ts';
import { registerSubject, removeSubject, subjectUnknown } from './operations/register-subject.ts';
import { presentApplication, presentApplicationKey, presentSubject } from './present.ts';
import { findApplication, findApplications } from './store/applications.ts';
import { findNamedSubject, findSubjects } from './store/subjects.ts';

/** Applications for operators, and for an application what it calls its customers. */
export function registerApplications(routes: Routes): void {
  registerCatalog(routes);
  registerKeys(routes);
  registerSubjects(routes);
}

function registerCatalog(routes: Routes): void {
  routes.serve(contract.listApplications, async ({ context, query }) => {
    const page = { before: readCursor(query), limit: query.limit + 1 };
    const applications = await findApplications(context.database, page);
    return pageOf(applications, query, ({ id }) => id, presentApplication);
  });
  routes.serve(contract.createApplication, async ({ context, body }) => {
    const { slug, name, description = null } = body;
    return presentApplication(
      await inTransaction(context, (transaction) =>
        createApplication(context, transaction, { slug, name, description }),
      ),
    );
  });
  routes.serve(contract.getApplication, async ({ context, params }) => {
    const application = await findApplication(context.database, params.id);
    if (!application) throw notFound('application');
    return presentApplication(application);
  });
  routes.serve(contract.updateApplication, async ({ context, params, body }) =>
    presentApplication(
      await inTransaction(context, (transaction) =>
        updateApplication(context, transaction, { id: params.id, ...body }),
      ),
    ),
  );
}

function registerKeys(routes: Routes): void {
  routes.serve(contract.listApplicationKeys, async ({ context, params, query }) => {
    const page = { applicationId: params.id, before: readCursor(query), limit: query.limit + 1 };
    const keys = await listApplicationKeys(context.database, page);
    return pageOf(keys, query, ({ id }) => id, presentApplicationKey);
  });
  routes.serve(contract.createApplicationKey, async ({ context, params, body }) => {
    const command = { applicationId: params.id, name: body.name };
    const { secret, ...key } = await createApplicationKey(context, command);
    return { ...presentApplicationKey(key), key: secret };
  });
  routes.serve(contract.revokeApplicationKey, async ({ context, params }) => {
    await revokeApplicationKey(context, { id: params.key, applicationId: params.id });
  });
}

function registerSubjects(routes: Routes): void {
  routes.serve(contract.registerSubject, async ({ context, caller, params, body }) =>
    presentSubject(
      await registerSubject(context, {
        applicationId: applicationOf(caller),
        externalId: params.external_id,
        organizationId: body.organization,
        userId: body.user,
        name: body.name,
      }),
    ),
  );
  routes.serve(contract.getSubject, async ({ context, caller, params }) => {
    const subject = await findNamedSubject(context.database, {
      applicationId: applicationOf(caller),
      externalId: params.external_id,
    });
    if (!subject) throw subjectUnknown();
    return presentSubject(subject);
  });
  routes.serve(contract.listSubjects, async ({ context, caller, query }) => {
    const subjects = await findSubjects(context.database, {
      applicationId: applicationOf(caller),
      after: readCursor(query),
      limit: query.limit + 1,
    });
    return pageOf(subjects, query, ({ externalId }) => externalId, presentSubject);
  });
  routes.serve(contract.removeSubject, async ({ context, caller, params }) => {
    const name = { applicationId: applicationOf(caller), externalId: params.external_id };
    await removeSubject(context, name);
  });
}

/** The table lets only applications in here. */
function applicationOf(caller: Caller): string {
  invariant(caller.kind === 'application', 'this operation is an application’s');
  return caller.applicationId;
}
