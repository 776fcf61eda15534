/**
 * One try to send one message to a webhook. The try is recorded before it leaves, so that a process that dies in between
 * costs a try and perhaps a second copy; its id is the same.
 */
import type { Context } from '../../../platform/context.ts';
import { claimPost, finishPost, postponePost } from '../posts-store.ts';
import { type Message, sendMessage } from '../webhook-sender.ts';
import { postPurpose } from './tell-operators.ts';

/** Longer than any one try takes. */
const claimMs = 60_000;
const errorLengthMax = 300;
/** Twelve tries over some nine hours: half a minute, doubled up to two hours. */
const attemptsMax = 12;
const firstDelayMs = 30_000;
const delayMaxMs = 7_200_000;

export async function sendPost(context: Context, id: string): Promise<void> {
  const { database, clocks, config, sealer } = context;
  const now = clocks.wall();
  const until = new Date(now.getTime() + claimMs);
  const post = await claimPost(database, { id, now, until });
  if (!post) return;
  const message = JSON.parse(sealer.open(post.sealedMessage, postPurpose(id))) as Message;
  const problem = await sendMessage(config, message, now);
  const at = clocks.wall();
  if (problem === undefined) return finishPost(database, { id, status: 'sent', at, error: null });
  const error = problem.slice(0, errorLengthMax);
  if (post.attempts >= attemptsMax) {
    context.log.error({ post: id, reason: error }, 'an alert reached no webhook; it is given up');
    return finishPost(database, { id, status: 'failed', at, error });
  }
  const delayMs = Math.min(firstDelayMs * 2 ** (post.attempts - 1), delayMaxMs);
  await postponePost(database, { id, dueAt: new Date(at.getTime() + delayMs), error });
}
