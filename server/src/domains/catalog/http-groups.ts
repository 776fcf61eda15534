import * as endpoints from '@sluice/contract/model-groups';
import type { Context } from '../../platform/context.ts';
import { notFound } from '../../platform/errors.ts';
import { pageOf, readCursor } from '../../platform/http/pages.ts';
import type { Routes } from '../../platform/http/routes.ts';
import { findOrganization } from '../identity/index.ts';
import type { ModelGroup } from './core/model-group.ts';
import { presentGroup, presentOrganizationMultiplier } from './core/present-group.ts';
import type { ModelGroupBook } from './model-group-book.ts';
import { createModelGroup, updateModelGroup } from './operations/change-model-groups.ts';
import { setOrganizationMultiplier } from './operations/set-organization-multiplier.ts';

/** Serves groups of models; the process that changed one reads them again before it answers. */
export function serveModelGroups(routes: Routes, book: ModelGroupBook): void {
  const shown = (context: Context, group: ModelGroup) =>
    presentGroup(group, {
      at: context.clocks.business(),
      organizations: ownOf(book, context, group).length,
    });

  routes.serve(endpoints.listModelGroups, async ({ context, query }) => {
    const after = readCursor(query);
    const rows = book.groups().filter(({ slug }) => after === undefined || slug > after);
    return pageOf(
      rows,
      query,
      ({ slug }) => slug,
      (group) => shown(context, group),
    );
  });
  routes.serve(endpoints.createModelGroup, async ({ context, body }) => {
    const group = await createModelGroup(context, body);
    await book.load();
    return shown(context, group);
  });
  routes.serve(endpoints.updateModelGroup, async ({ context, params, body }) => {
    const group = await updateModelGroup(context, params.id, body);
    await book.load();
    return shown(context, group);
  });
  routes.serve(endpoints.listGroupMultipliers, async ({ context, params, query }) => {
    const group = findGroup(book, params.id);
    const after = readCursor(query);
    const rows = ownOf(book, context, group).filter((id) => after === undefined || id > after);
    return pageOf(
      rows,
      query,
      (id) => id,
      (id) => ofOrganization(book, context, { group, organizationId: id }),
    );
  });
  routes.serve(endpoints.listOrganizationMultipliers, async ({ context, params }) => {
    const { id: organizationId } = params;
    if (!(await findOrganization(context.database, organizationId))) throw notFound('organization');
    const data = book
      .groups()
      .map((group) => ofOrganization(book, context, { group, organizationId }));
    return { data };
  });
  routes.serve(endpoints.setOrganizationMultiplier, async ({ context, params, body }) => {
    const subject = { organizationId: params.id, group: params.group };
    const { groupId } = await setOrganizationMultiplier(context, subject, body);
    await book.load();
    const group = findGroup(book, groupId);
    return ofOrganization(book, context, { group, organizationId: params.id });
  });
}

function findGroup(book: ModelGroupBook, idOrSlug: string): ModelGroup {
  const group = book.groups().find(({ id, slug }) => id === idOrSlug || slug === idOrSlug);
  if (!group) throw notFound('model group');
  return group;
}

function ofOrganization(
  book: ModelGroupBook,
  context: Context,
  { group, organizationId }: { group: ModelGroup; organizationId: string },
) {
  const given = book.multipliersOf(organizationId, group.id);
  return presentOrganizationMultiplier(organizationId, {
    ...{ group, given },
    at: context.clocks.business(),
  });
}

/** Whoever has a multiplier of its own for a group now, or will have one. */
function ownOf(book: ModelGroupBook, context: Context, group: ModelGroup): string[] {
  return book.organizationsOf(group.id).filter((organizationId) => {
    const shown = ofOrganization(book, context, { group, organizationId });
    return shown.multiplier !== null || shown.changes.length > 0;
  });
}
