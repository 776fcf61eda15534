import { defineEvent } from '../../platform/events.ts';

/** New organizations get this plan from now on; whoever knows plans refuses one that is none, in the same transaction. */
export const defaultPlanChanged = defineEvent<{ plan: string | null }>('default_plan.changed');
