import type { AnswerOf, QueryOf } from '@sluice/contract/endpoint';
import type { getOrganizationRisk, listRisks } from '@sluice/contract/risk';
import type { Context } from '../../../platform/context.ts';
import { notFound, Refusal } from '../../../platform/errors.ts';
import { type Page, pageOf, readCursor } from '../../../platform/http/pages.ts';
import { findOrganization } from '../../identity/index.ts';
import { presentStanding } from '../core/present.ts';
import { findStanding, listFlagsOf, listQueue, listScores, type Standing } from '../store.ts';
import { readCase } from './load-case.ts';

type Queued = AnswerOf<typeof listRisks>['data'][number];

/** Of one organization; a rule has one flag in force. */
const inForceMax = 10;

/** The queue of those with flags in force, the highest score first. */
export async function readQueue(
  context: Context,
  { state, rule, held, ...page }: QueryOf<typeof listRisks>,
): Promise<Page<Queued>> {
  const rows = await listQueue(context.database, {
    ...{ state, rule, after: readPlace(page) },
    isHeld: held === undefined ? undefined : held === 'true',
    limit: page.limit + 1,
  });
  const organizationIds = rows.map(({ organizationId }) => organizationId);
  const flags = await listFlagsOf(context.database, {
    ...{ organizationIds, limit: inForceMax, isInForce: true },
  });
  return pageOf(rows, page, placeOf, (standing) => {
    const own = flags.filter((flag) => flag.organizationId === standing.organizationId);
    return presentStanding(standing, own);
  });
}

const placeOf = ({ score, organizationId }: Standing) => `${score} ${organizationId}`;

function readPlace(page: { limit: number; cursor?: string | undefined }) {
  const text = readCursor(page);
  if (text === undefined) return undefined;
  const [, score, organizationId] = /^(\d{1,3}) (\S+)$/.exec(text) ?? [];
  if (score === undefined || organizationId === undefined) {
    throw new Refusal('malformed', 'Pass the cursor as a list answered it, or leave it out.', {
      param: 'cursor',
    });
  }
  return { score: Number(score), organizationId };
}

const flagsShown = 50;
const scoresShown = 100;

/** @throws Refusal `not_found`. */
export async function readOrganizationRisk(
  context: Context,
  organizationId: string,
): Promise<AnswerOf<typeof getOrganizationRisk>> {
  const { database } = context;
  if (!(await findOrganization(database, organizationId))) throw notFound('organization');
  const standing = (await findStanding(database, organizationId)) ?? {
    ...{ organizationId, score: 0, isHeld: false, evaluatedAt: null },
  };
  const flags = await listFlagsOf(database, {
    ...{ organizationIds: [organizationId], limit: flagsShown, isInForce: false },
  });
  const scores = await listScores(database, organizationId, scoresShown);
  const { isEstablished } = await readCase(context, organizationId);
  return {
    ...presentStanding(standing, flags),
    established: isEstablished,
    history: scores.map(({ at, score }) => ({ at: at.toISOString(), score })),
  };
}
