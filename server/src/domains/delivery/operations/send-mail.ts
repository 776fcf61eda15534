/**
 * One try to send one message. The try is recorded before the mail leaves, so that a process that dies in between
 * costs a try and perhaps a second copy, never a mail.
 */
import type { Context } from '../../../platform/context.ts';
import { retryDelayMs } from '../core/retry.ts';
import type { Mail, MailCarrier } from '../provider.ts';
import { claimMessage, finishMessage, postponeMessage, type QueuedMessage } from '../store.ts';
import { sealPurpose } from './queue-mail.ts';

/** Longer than any one try takes. */
const claimMs = 120_000;
const errorLengthMax = 500;

/** Answers what became of the message: `idle` where it was not due, or another process has it. */
export async function sendMail(
  context: Context,
  carrier: MailCarrier,
  id: string,
): Promise<'sent' | 'postponed' | 'failed' | 'idle'> {
  const now = context.clocks.wall();
  const until = new Date(now.getTime() + claimMs);
  const message = await claimMessage(context.database, { id, now, until });
  if (!message) return 'idle';
  const mail = JSON.parse(context.sealer.open(message.sealedContent, sealPurpose(id))) as Mail;
  try {
    await carrier.send({
      ...mail,
      from: context.config.mailFrom,
      messageId: messageIdOf(context, id),
    });
  } catch (error) {
    return recordFailure(context, message, error as Error);
  }
  await finishMessage(context.database, {
    id,
    status: 'sent',
    at: context.clocks.wall(),
    error: null,
  });
  return 'sent';
}

async function recordFailure(
  context: Context,
  message: QueuedMessage,
  failure: Error,
): Promise<'postponed' | 'failed'> {
  const { id, attempts } = message;
  const at = context.clocks.wall();
  // Servers quote the address that they refuse; whose mail it was is nobody's to read afterwards.
  const error = failure.message.replace(/[^\s<>]+@[^\s<>]+/g, '(address)').slice(0, errorLengthMax);
  const delayMs = retryDelayMs(attempts);
  if (delayMs === undefined) {
    context.log.error(
      { err: failure, message: id, attempts },
      'a mail could not be sent: given up',
    );
    await finishMessage(context.database, { id, status: 'failed', at, error });
    return 'failed';
  }
  context.log.warn({ err: failure, message: id, attempts }, 'a mail could not be sent yet');
  const dueAt = new Date(at.getTime() + delayMs);
  await postponeMessage(context.database, { id, dueAt, error });
  return 'postponed';
}

/** The same on every try, so that a mailbox can drop a second copy. */
function messageIdOf(context: Context, id: string): string {
  return `<${id}@${new URL(context.config.publicUrl).hostname}>`;
}
