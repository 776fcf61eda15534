import { createHmac } from 'node:crypto';
import type { Context } from '../../../platform/context.ts';
import type { Transaction } from '../../../platform/database/pool.ts';
import { networkOf, type SightingKind } from '../core/sighting.ts';
import { personSeen } from '../events.ts';
import { saveSighting } from '../store/sightings.ts';
import { personalChain } from './personal-chain.ts';

/** Remembers from where somebody signs up or in, and by which device where that is known; tells what is new of it. */
export async function noteSighting(
  context: Context,
  transaction: Transaction,
  userId: string,
): Promise<void> {
  const seen: { kind: SightingKind; value: string }[] = [];
  const { ip, device } = context.actor;
  const network = networkOf(ip);
  if (network !== undefined) seen.push({ kind: 'address', value: network });
  if (device) seen.push({ kind: 'device', value: device });
  const key = context.sealer.derive('identity:sightings');
  let isNew = false;
  for (const { kind, value } of seen) {
    const mark = createHmac('sha256', key).update(`${kind} ${value}`).digest('base64url');
    const saved = await saveSighting(transaction, {
      userId,
      kind,
      mark,
      at: context.clocks.wall(),
    });
    isNew ||= saved.isNew;
  }
  if (!isNew) return;
  const organizationId = await personalChain(transaction, userId);
  if (organizationId !== null) {
    await context.events.announce(context, transaction, personSeen, { organizationId });
  }
}
