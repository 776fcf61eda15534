import type { offerInputFields } from '@sluice/contract/offers';
import type { z } from 'zod';
import type { Executor } from '../../../platform/database/pool.ts';
import { decideOffer } from '../core/decide-offer.ts';
import { findNamed } from '../core/names.ts';
import type { StoredOffer } from '../core/offer.ts';
import { loadMeters } from '../meters-store.ts';
import { meterUnknown } from './resolve-quotas.ts';

type OfferChanges = z.output<z.ZodObject<typeof offerInputFields>>;

/**
 * What a plan costs after changes of some of its fields; those left out stay, and so may charges for what is archived.
 * @throws Refusal `meter_unknown`, `rule_violated`, `amount_out_of_range`, naming the field.
 */
export async function resolveOffer(
  executor: Executor,
  before: StoredOffer,
  changes: OfferChanges,
  applicationId: string | null,
): Promise<StoredOffer> {
  const charges = changes.charges ?? before.charges.map(({ meter_id: _, ...charge }) => charge);
  const all = charges.length === 0 ? [] : await loadMeters(executor);
  const kept = new Set(before.charges.map(({ meter_id: id }) => id));
  const meters = all.filter(({ id, status }) => status === 'active' || kept.has(id));
  return decideOffer(
    {
      prices: changes.prices ?? before.prices,
      trial_days: changes.trial_days ?? before.trial_days,
      setup_fee: changes.setup_fee ?? before.setup_fee,
      charges,
      proration: changes.proration ?? before.proration,
      refund: changes.refund ?? before.refund,
      visible_to: changes.visible_to ?? before.visible_to,
      overage: changes.overage ?? before.overage,
      addon_of: changes.addon_of === undefined ? before.addon_of : changes.addon_of,
    },
    (name, param) => {
      const meter = findNamed(meters, applicationId, name);
      if (!meter) throw meterUnknown(name, param);
      return meter;
    },
  );
}
