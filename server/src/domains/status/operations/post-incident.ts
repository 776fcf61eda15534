import type { BodyOf } from '@sluice/contract/endpoint';
import type * as endpoints from '@sluice/contract/status';
import { type Context, inTransaction } from '../../../platform/context.ts';
import type { Transaction } from '../../../platform/database/pool.ts';
import { notFound } from '../../../platform/errors.ts';
import { newId } from '../../../platform/ids.ts';
import { recordAudit } from '../../audit/index.ts';
import { type Incident, presentIncident } from '../core/incident.ts';
import { insertIncident, insertUpdate, listUpdates, lockIncident, saveIncident } from '../store.ts';
import { updatesShownMax } from './read-incidents.ts';

/** Opens an incident with its first update. */
export async function createIncident(
  context: Context,
  { text, ...told }: BodyOf<typeof endpoints.createIncident>,
) {
  const now = context.clocks.wall();
  const incident: Incident = {
    ...told,
    id: newId('inc', now),
    started_at: now,
    resolved_at: null,
  };
  return inTransaction(context, async (transaction) => {
    await insertIncident(transaction, incident);
    return tell(context, transaction, { incident, text, action: 'incident.create' });
  });
}

/**
 * Tells how it goes on. What is resolved ends now; what is opened again has not ended.
 * @throws Refusal `not_found`.
 */
export async function updateIncident(
  context: Context,
  id: string,
  { text, ...told }: BodyOf<typeof endpoints.updateIncident>,
) {
  return inTransaction(context, async (transaction) => {
    const before = await lockIncident(transaction, id);
    if (!before) throw notFound('incident');
    const ended = before.resolved_at ?? context.clocks.wall();
    const incident: Incident = {
      ...before,
      state: told.state,
      impact: told.impact ?? before.impact,
      models: told.models ?? before.models,
      resolved_at: told.state === 'resolved' ? ended : null,
    };
    await saveIncident(transaction, incident);
    return tell(context, transaction, { incident, text, action: 'incident.update', before });
  });
}

interface Told {
  incident: Incident;
  text: string;
  action: string;
  before?: Incident;
}

async function tell(
  context: Context,
  transaction: Transaction,
  { incident, text, action, before }: Told,
) {
  const { id, title, state, impact, models } = incident;
  const posted_at = context.clocks.wall();
  const update = { id: newId('inu', posted_at), incident_id: id, state, text, posted_at };
  await insertUpdate(transaction, update);
  await recordAudit(context, transaction, {
    organizationId: null,
    action,
    resource: { kind: 'incident', id },
    ...(before && {
      oldValues: { state: before.state, impact: before.impact, models: before.models },
    }),
    newValues: { title, state, impact, models, text },
  });
  const updates = await listUpdates(transaction, { incidentIds: [id], limitEach: updatesShownMax });
  return presentIncident(incident, updates);
}
