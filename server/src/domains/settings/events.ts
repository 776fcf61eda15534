import { defineEvent } from '../../platform/events.ts';
import type { SettingValue } from './settings.ts';

/** New organizations get this plan from now on; whoever knows plans refuses one that is none, in the same transaction. */
export const defaultPlanChanged = defineEvent<{ plan: string | null }>('default_plan.changed');

/** Whoever dunns counts anew what it has done; announced before the change is audited. */
export const dunningStepsChanged = defineEvent<{
  before: SettingValue<'dunning_steps'>;
  after: SettingValue<'dunning_steps'>;
}>('dunning_steps.changed');
