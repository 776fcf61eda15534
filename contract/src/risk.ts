/** Risks: what speaks against an organization, by which stated rule, and what an operator made of it. */
import { z } from 'zod';
import { Amount, AmountPositive } from './amounts.ts';
import { IdParams, Instant, PageQuery, pageOf } from './conventions.ts';
import { endpoint } from './endpoint.ts';

export const riskRuleNames = [
  'shared_address',
  'shared_device',
  'shared_payer',
  'failed_payments',
  'returned_payments',
  'usage_burst',
  'sign_in_attacks',
] as const;

const RiskRuleName = z.enum(riskRuleNames).meta({
  description:
    'Only failed_payments, returned_payments and shared_payer are strong: the others never hold anything.',
});

export const riskFlagStates = ['open', 'confirmed', 'lifted', 'faded'] as const;

const RiskEvidence = z
  .object({
    kind: z.enum(['organization', 'payment', 'set_up', 'usage', 'sign_ins']),
    id: z.string().nullable().meta({ description: 'Of the other organization or the payment.' }),
    count: z.number().int().meta({ description: 'As how many it counts: failed sign-ins.' }),
    detail: z.string().nullable().meta({ description: 'Of usage: what was spent, of how much.' }),
    at: Instant,
  })
  .meta({ id: 'RiskEvidence' });

export const RiskFlag = z
  .object({
    id: z.string(),
    organization: z.string(),
    rule: RiskRuleName,
    state: z.enum(riskFlagStates).meta({
      description:
        'open until an operator confirms or lifts it; faded once its evidence is too old.',
    }),
    points: z.number().int(),
    count: z.number().int().meta({ description: 'What was counted for the rule.' }),
    holds: z.boolean().meta({ description: 'Whether new payments are on hold because of it.' }),
    evidence: z.array(RiskEvidence),
    opened_at: Instant,
    changed_at: Instant,
    decided_by: z.string().nullable(),
    note: z.string().nullable(),
  })
  .meta({ id: 'RiskFlag' });

const RiskStanding = z
  .object({
    organization: z.string(),
    score: z.number().int().meta({ description: 'From 0 to 100.' }),
    held: z.boolean().meta({
      description: 'New payments through providers are refused; everything else goes on.',
    }),
    evaluated_at: Instant.nullable().meta({ description: 'Null where nothing ever spoke of it.' }),
    flags: z.array(RiskFlag).meta({ description: 'Those in force first.' }),
  })
  .meta({ id: 'RiskStanding' });

export const listRisks = endpoint({
  operation: 'listRisks',
  method: 'GET',
  path: '/api/v1/admin/risk',
  summary: 'Organizations with flags in force, the highest score first.',
  query: PageQuery.extend({
    state: z.enum(['open', 'confirmed']).optional(),
    rule: RiskRuleName.optional(),
    held: z.enum(['true', 'false']).optional(),
  }),
  answer: pageOf(RiskStanding),
});

export const getOrganizationRisk = endpoint({
  operation: 'getOrganizationRisk',
  method: 'GET',
  path: '/api/v1/admin/organizations/{id}/risk',
  summary: 'What speaks against one organization: its score, its flags ever, and their history.',
  params: IdParams,
  answer: RiskStanding.extend({
    established: z.boolean().meta({
      description: 'A customer of long standing, whom nothing puts on hold but an operator.',
    }),
    history: z.array(z.object({ at: Instant, score: z.number().int() })),
  }).meta({ id: 'OrganizationRisk' }),
});

const Note = z
  .string()
  .trim()
  .min(1, 'Write why: whoever comes next will ask.')
  .max(1000, 'Keep the note within 1000 characters.');

export const liftRiskFlag = endpoint({
  operation: 'liftRiskFlag',
  method: 'POST',
  path: '/api/v1/admin/risk/flags/{id}/lift',
  summary: 'Lifts a flag and what it holds; what it was raised for never raises it again.',
  params: IdParams,
  body: z.strictObject({ note: Note }),
  answer: RiskFlag,
  idempotent: true,
  refusals: ['invalid_state'],
  example: { note: 'One company, several teams behind one address.' },
});

export const confirmRiskFlag = endpoint({
  operation: 'confirmRiskFlag',
  method: 'POST',
  path: '/api/v1/admin/risk/flags/{id}/confirm',
  summary: 'Confirms a flag, so that it stays until somebody lifts it; new payments may be held.',
  params: IdParams,
  body: z.strictObject({
    note: Note,
    hold: z.boolean().optional().meta({
      description: 'Whether new payments are on hold; as before where left out.',
    }),
  }),
  answer: RiskFlag,
  idempotent: true,
  refusals: ['invalid_state'],
  example: { note: 'Cards of three names, all stolen.', hold: true },
});

function whole(min: number, max: number) {
  const error = `Write a whole number from ${min} to ${max}.`;
  return z.number({ error }).int({ error }).min(min, { error }).max(max, { error });
}

const RiskRule = z
  .strictObject({
    points: whole(0, 100).meta({
      description: 'At the threshold; twice that at most. 0 switches it off.',
    }),
    threshold: whole(1, 10_000).meta({ description: 'From how much evidence a flag is raised.' }),
    window_days: whole(1, 365).meta({ description: 'Older evidence counts no more.' }),
    half_life_days: whole(1, 365).meta({ description: 'After so many days it weighs half.' }),
  })
  .meta({ id: 'RiskRule' });

const ruleFields = Object.fromEntries(riskRuleNames.map((name) => [name, RiskRule])) as Record<
  (typeof riskRuleNames)[number],
  typeof RiskRule
>;

const settingFields = {
  ...ruleFields,
  hold_score: whole(1, 100).meta({
    description: 'From this score on a strong flag holds new payments.',
  }),
  established_days: whole(1, 3650).meta({
    description: 'Whoever has paid that long ago, and disputes nothing, is never held by itself.',
  }),
  returned_percent: whole(1, 100).meta({
    description: 'Share of payments that must have gone back or be disputed as well.',
  }),
  burst_age_days: whole(1, 365).meta({ description: 'For so long it is young.' }),
};

const perDay =
  'A young organization may use as much a day, times the days since it began, in the usage currency.';

const RiskRules = z
  .object({ ...settingFields, burst_per_day: Amount.meta({ description: perDay }) })
  .meta({ id: 'RiskRules' });

export const getRiskRules = endpoint({
  operation: 'getRiskRules',
  method: 'GET',
  path: '/api/v1/admin/risk/rules',
  summary: 'The rules by which risks are scored.',
  answer: RiskRules,
});

export const setRiskRules = endpoint({
  operation: 'setRiskRules',
  method: 'PUT',
  path: '/api/v1/admin/risk/rules',
  summary: 'Replaces the rules; organizations are scored anew as something speaks of them.',
  body: z.strictObject({
    ...settingFields,
    burst_per_day: AmountPositive.meta({ description: perDay }),
  }),
  answer: RiskRules,
  refusals: ['rule_violated'],
});
