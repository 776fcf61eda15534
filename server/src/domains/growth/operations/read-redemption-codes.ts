import type { AnswerOf } from '@sluice/contract/endpoint';
import type { listCodeRedemptions, searchRedemptionCodes } from '@sluice/contract/redemptions';
import type { Context } from '../../../platform/context.ts';
import { notFound } from '../../../platform/errors.ts';
import { type PageRequest, pageOf, readCursor } from '../../../platform/http/pages.ts';
import { presentBatch } from '../core/present-redemptions.ts';
import { findBatch, listBatches, listRedemptionRows } from '../redemptions-store.ts';

export async function readCodeBatches(
  { database }: Context,
  page: PageRequest,
): Promise<AnswerOf<typeof searchRedemptionCodes>> {
  const rows = await listBatches(database, { before: readCursor(page), limit: page.limit + 1 });
  return pageOf(rows, page, ({ id }) => id, presentBatch);
}

/** @throws Refusal `not_found`. */
export async function readCodeRedemptions(
  { database }: Context,
  batchId: string,
  page: PageRequest,
): Promise<AnswerOf<typeof listCodeRedemptions>> {
  if (!(await findBatch(database, batchId))) throw notFound('batch');
  const rows = await listRedemptionRows(database, {
    ...{ batchId, before: readCursor(page), limit: page.limit + 1 },
  });
  return pageOf(
    rows,
    page,
    ({ id }) => id,
    ({ id, organizationId: organization, grantId: grant, redeemedAt }) => ({
      ...{ id, organization, grant, redeemed_at: redeemedAt.toISOString() },
    }),
  );
}
