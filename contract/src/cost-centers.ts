/** Cost centers: what an organization books its spending under, by keys and by members. */
import { z } from 'zod';
import { IdParams, Instant, nameOf, PageQuery, pageOf } from './conventions.ts';
import { endpoint } from './endpoint.ts';

const Code = z
  .string()
  .trim()
  .regex(/^[A-Za-z0-9][A-Za-z0-9_.-]{0,39}$/, 'Write the code as your books do, such as R-100.');

export const CostCenter = z
  .object({
    id: z.string(),
    code: z.string().meta({ description: 'As the organization’s own books call it.' }),
    name: z.string(),
    members: z.number().int().meta({ description: 'Members that are assigned to it.' }),
    keys: z.number().int().meta({ description: 'Keys that are assigned to it themselves.' }),
    created_at: Instant,
    archived_at: Instant.nullable(),
  })
  .meta({ id: 'CostCenter' });

export const listCostCenters = endpoint({
  operation: 'listCostCenters',
  method: 'GET',
  path: '/api/v1/organizations/{id}/cost-centers',
  summary: 'Cost centers of the acting organization, the first that was made first.',
  params: IdParams,
  query: PageQuery.extend({
    archived: z.enum(['true', 'false']).default('false').meta({
      description: 'Show those that are archived as well.',
    }),
  }),
  answer: pageOf(CostCenter),
});

export const createCostCenter = endpoint({
  operation: 'createCostCenter',
  method: 'POST',
  path: '/api/v1/organizations/{id}/cost-centers',
  summary: 'Adds a cost center; its code is its own in the organization.',
  params: IdParams,
  body: z.strictObject({ code: Code, name: nameOf('cost center') }),
  answer: CostCenter,
  status: 201,
  idempotent: true,
  refusals: ['already_exists', 'rule_violated'],
  example: { code: 'R-100', name: 'Research' },
});

const CostCenterParams = IdParams.extend({ cost_center: z.string().min(1).max(100) });

export const updateCostCenter = endpoint({
  operation: 'updateCostCenter',
  method: 'PATCH',
  path: '/api/v1/organizations/{id}/cost-centers/{cost_center}',
  summary:
    'Renames a cost center, archives it once nothing is assigned to it, or takes it into use again.',
  params: CostCenterParams,
  body: z.strictObject({
    code: Code.optional(),
    name: nameOf('cost center').optional(),
    archived: z.boolean().optional(),
  }),
  answer: CostCenter,
  refusals: ['already_exists', 'invalid_state'],
});

export const assignMember = endpoint({
  operation: 'assignMember',
  method: 'PUT',
  path: '/api/v1/organizations/{id}/members/{user_id}/cost-center',
  summary:
    'Books a member’s calls under a cost center from now on, but for those of keys that have their own; null: under none.',
  params: IdParams.extend({ user_id: z.string().min(1).max(100) }),
  body: z.strictObject({ cost_center: z.string().min(1).max(100).nullable() }),
  status: 204,
  refusals: ['invalid_state'],
  example: { cost_center: 'cct_01jd2m3z9k5q8w7x6v4t3r2s1p' },
});
