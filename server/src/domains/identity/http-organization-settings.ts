import * as contract from '@sluice/contract/organization-settings';
import type { Routes } from '../../platform/http/routes.ts';
import { accountHolderOf } from './http-accounts.ts';
import {
  changeNotificationRules,
  readNotificationRules,
  type ShownRule,
} from './operations/notification-settings.ts';
import {
  changeSecurity,
  liftSecurity,
  readSecurity,
  type ShownSecurity,
} from './operations/security-settings.ts';
import { getOrganization, updateOrganization } from './operations/update-organization.ts';

/** The basics of an organization, whom it has told of what, and what it asks of its members' sessions. */
export function registerOrganizationSettings(routes: Routes): void {
  registerBasics(routes);
  registerNotifications(routes);
  registerSecurity(routes);
}

function registerBasics(routes: Routes): void {
  routes.serve(contract.getOrganizationSettings, async ({ context, organizationId }) => {
    const { name, timeZone } = await getOrganization(context.database, organizationId);
    return { name, time_zone: timeZone };
  });
  routes.serve(contract.setOrganizationSettings, async ({ context, organizationId, body }) => {
    const change = { id: organizationId, name: body.name, timeZone: body.time_zone };
    const { name, timeZone } = await updateOrganization(context, change);
    return { name, time_zone: timeZone };
  });
}

function registerNotifications(routes: Routes): void {
  routes.serve(contract.getNotificationSettings, async ({ context, organizationId }) => ({
    data: (await readNotificationRules(context.database, organizationId)).map(presentRule),
    next_cursor: null,
  }));
  routes.serve(contract.setNotificationSettings, async ({ context, organizationId, body }) => {
    const rules = body.rules.map(({ members, ...rule }) => ({ ...rule, userIds: members }));
    return {
      data: (await changeNotificationRules(context, organizationId, rules)).map(presentRule),
      next_cursor: null,
    };
  });
}

function registerSecurity(routes: Routes): void {
  routes.serve(contract.getSecuritySettings, async ({ context, organizationId }) =>
    presentSecurity(await readSecurity(context.database, organizationId)),
  );
  routes.serve(contract.setSecuritySettings, async ({ context, caller, organizationId, body }) => {
    const { userId, signIn } = accountHolderOf(caller);
    const rules = {
      requireSecondFactor: body.require_second_factor,
      signInMethods: body.sign_in_methods,
      sessionHours: body.session_hours,
      ipAllowlist: body.ip_allowlist,
    };
    const author = { organizationId, userId, signIn };
    return presentSecurity(await changeSecurity(context, author, rules));
  });
  routes.serve(contract.liftSecuritySettings, ({ context, params }) =>
    liftSecurity(context, params.id),
  );
}

function presentRule({ event, isSaid, channels, userIds, addresses }: ShownRule) {
  const told = [...(channels ?? contract.usualChannels(event))];
  return { event, said: isSaid, channels: told, members: userIds, addresses };
}

function presentSecurity(settings: ShownSecurity) {
  return {
    require_second_factor: settings.requireSecondFactor,
    sign_in_methods: settings.signInMethods && [...settings.signInMethods],
    session_hours: settings.sessionHours,
    ip_allowlist: settings.ipAllowlist && [...settings.ipAllowlist],
    updated_at: settings.updatedAt?.toISOString() ?? null,
  };
}
