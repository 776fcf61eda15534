/** What entitlements hear of. */
import { type Listener, reaction } from '../../platform/events.ts';
import {
  apiKeyLimitsChanged,
  organizationCreated,
  organizationTimeZoneChanged,
} from '../identity/index.ts';
import { defaultPlanChanged } from '../settings/index.ts';
import { giveDefaultPlan, requireDefaultPlan } from './operations/give-default-plan.ts';
import { moveToTimeZone } from './operations/move-to-time-zone.ts';
import { setSpendCaps } from './operations/set-spend-caps.ts';

export const entitlementsListeners: readonly Listener[] = [
  reaction(organizationTimeZoneChanged, moveToTimeZone),
  reaction(organizationCreated, giveDefaultPlan),
  reaction(apiKeyLimitsChanged, setSpendCaps),
  reaction(defaultPlanChanged, requireDefaultPlan),
];
