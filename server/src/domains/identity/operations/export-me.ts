import { type Context, inTransaction } from '../../../platform/context.ts';
import { jsonText } from '../../../platform/json-stream.ts';
import type { PersonalData } from '../../../platform/personal-data.ts';
import { type ZipEntry, zipText } from '../../../platform/zip-stream.ts';
import { recordAudit } from '../../audit/index.ts';
import { readMe } from '../core/export-readme.ts';
import { countRequest } from './limit-address.ts';
import { personalChain } from './personal-chain.ts';

const exportsPerHour = 10;

/**
 * Everything that is kept about a person, as a ZIP file that is made while it is read: a file for each domain.
 * @throws Refusal `too_many_requests`.
 */
export async function exportMe(
  context: Context,
  userId: string,
  offers: readonly PersonalData[],
): Promise<AsyncGenerator<Uint8Array>> {
  await countRequest(context, { subject: `export:${userId}`, perHour: exportsPerHour });
  await inTransaction(context, async (transaction) => {
    await recordAudit(context, transaction, {
      organizationId: await personalChain(transaction, userId),
      action: 'user.export',
      resource: { kind: 'user', id: userId },
    });
  });
  const at = context.clocks.wall();
  const names = offers.map(({ name }) => name);
  const entries: ZipEntry[] = [
    { name: 'README.txt', text: oneText(readMe(names, at)) },
    ...offers.map((offer) => ({
      name: `${offer.name}.json`,
      text: textOf(context, userId, offer),
    })),
  ];
  return zipText(entries, at);
}

async function* oneText(text: string): AsyncGenerator<string> {
  yield text;
}

/** Nothing is read before its turn. */
async function* textOf(
  context: Context,
  userId: string,
  offer: PersonalData,
): AsyncGenerator<string> {
  const exported = offer.export(context, userId);
  yield* jsonText(exported instanceof Promise ? await exported : exported);
}
