import * as commissions from '@sluice/contract/commissions';
import * as endpoints from '@sluice/contract/growth';
import * as redemptions from '@sluice/contract/redemptions';
import type { Routes } from '../../platform/http/routes.ts';
import { createRedemptionCodes } from './operations/create-redemption-codes.ts';
import { getInvite } from './operations/get-invite.ts';
import {
  findCommissions,
  findResellers,
  readOwnCommissions,
  readResale,
} from './operations/read-commissions.ts';
import { readCodeBatches, readCodeRedemptions } from './operations/read-redemption-codes.ts';
import { findReferrals, readOwnReferrals } from './operations/read-referrals.ts';
import { redeemCode } from './operations/redeem-code.ts';
import { readReferralRules, writeReferralRules } from './operations/referral-rules.ts';
import { endReseller, setReseller } from './operations/set-reseller.ts';
import { voidRedemptionCodes } from './operations/void-redemption-codes.ts';

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
  registerRedemptions(routes);
  registerCommissions(routes);
}

function registerRedemptions(routes: Routes): void {
  routes.serve(redemptions.createRedemptionCodes, ({ context, body }) =>
    createRedemptionCodes(context, body),
  );
  routes.serve(redemptions.searchRedemptionCodes, ({ context, query }) =>
    readCodeBatches(context, query),
  );
  routes.serve(redemptions.listCodeRedemptions, ({ context, params, query }) =>
    readCodeRedemptions(context, params.id, query),
  );
  routes.serve(redemptions.voidRedemptionCodes, ({ context, params }) =>
    voidRedemptionCodes(context, params.id),
  );
  routes.serve(redemptions.redeemCode, ({ context, organizationId, body }) =>
    redeemCode(context, { organizationId, code: body.code }),
  );
}

function registerCommissions(routes: Routes): void {
  routes.serve(commissions.getResale, ({ context, organizationId }) =>
    readResale(context, organizationId),
  );
  routes.serve(commissions.listCommissions, ({ context, organizationId, query }) =>
    readOwnCommissions(context, organizationId, query),
  );
  routes.serve(commissions.searchResellers, ({ context, query }) => findResellers(context, query));
  routes.serve(commissions.setReseller, ({ context, params, body }) =>
    setReseller(context, params.id, body),
  );
  routes.serve(commissions.endReseller, ({ context, params }) => endReseller(context, params.id));
  routes.serve(commissions.searchCommissions, ({ context, query }) =>
    findCommissions(context, query),
  );
}
