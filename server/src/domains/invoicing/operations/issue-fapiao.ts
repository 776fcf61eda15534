import { createHash } from 'node:crypto';
import type { BodyOf } from '@sluice/contract/endpoint';
import { fapiaoFileBytesMax, type issueFapiao as issueEndpoint } from '@sluice/contract/fapiao';
import type { Context } from '../../../platform/context.ts';
import { Refusal } from '../../../platform/errors.ts';
import { formatMinor, parseMinor } from '../../../platform/money.ts';
import { type Fapiao, isOfFormat } from '../core/fapiao.ts';
import { type FapiaoFile, saveFile } from '../fapiao-store.ts';
import { changeFapiao, requireFreeNumber, requirePast } from './change-fapiao.ts';

type Body = BodyOf<typeof issueEndpoint>;

/**
 * Records that a fapiao was issued, with its number and file; again until it was sent, where something was mistyped. It
 * is refused over another amount than is asked for now: a credit note may have come while it was issued elsewhere.
 * @throws Refusal `not_found`, `invalid_state`, `conflict`, `already_exists`, `rule_violated`.
 */
export async function issueFapiao(context: Context, id: string, body: Body): Promise<Fapiao> {
  requirePast(context, body.issued_on, 'issued_on');
  const file = readFile(body.file);
  return changeFapiao(context, { id, action: 'issue' }, async (fapiao, transaction) => {
    requireAmount(fapiao, body.amount);
    const { number, code = null } = body;
    await requireFreeNumber(transaction, { number, code, ownId: id });
    await saveFile(transaction, id, file);
    return {
      ...{ number, code },
      issuedOn: body.issued_on,
      issuedAt: context.clocks.business(),
      file: { format: file.format, bytes: file.content.length, sha256: file.sha256 },
    };
  });
}

function requireAmount({ amountMinor, currency }: Fapiao, amount: string): void {
  if (parseMinor(amount, currency).minor === amountMinor) return;
  const due = formatMinor({ minor: amountMinor, currency });
  throw new Refusal('conflict', `This fapiao is over ${due} ${currency} now: issue it over that.`, {
    param: 'amount',
  });
}

function readFile({ format, content: base64 }: Body['file']): FapiaoFile {
  const content = Buffer.from(base64, 'base64');
  if (content.length > fapiaoFileBytesMax || content.toString('base64') !== base64) {
    throw unreadable('Add the file as base64, at most 1 MiB before that.');
  }
  if (!isOfFormat(content, format)) {
    throw unreadable(`This is no ${format.toUpperCase()} file: add the one that was issued.`);
  }
  return { format, content, sha256: createHash('sha256').update(content).digest('hex') };
}

function unreadable(sentence: string): Refusal {
  return new Refusal('rule_violated', sentence, { param: 'file.content' });
}
