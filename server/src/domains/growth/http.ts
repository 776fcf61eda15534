import * as endpoints from '@sluice/contract/growth';
import type { Routes } from '../../platform/http/routes.ts';
import { getInvite } from './operations/get-invite.ts';
import { findReferrals, readOwnReferrals } from './operations/read-referrals.ts';
import { readReferralRules, writeReferralRules } from './operations/referral-rules.ts';

export function registerGrowth(routes: Routes): void {
  routes.serve(endpoints.getInvite, ({ context, organizationId }) =>
    getInvite(context, organizationId),
  );
  routes.serve(endpoints.listReferrals, ({ context, organizationId, query }) =>
    readOwnReferrals(context, organizationId, query),
  );
  routes.serve(endpoints.searchReferrals, ({ context, query }) => findReferrals(context, query));
  routes.serve(endpoints.getReferralRules, ({ context }) => readReferralRules(context));
  routes.serve(endpoints.setReferralRules, ({ context, body }) =>
    writeReferralRules(context, body),
  );
}
