/**
 * Reads what people have sent the bot, and connects chats whose code it was. Only while
 * somebody is waited for: Telegram keeps news for a day.
 */
import { type Context, inTransaction } from '../../../platform/context.ts';
import { sha256 } from '../../../platform/crypto.ts';
import type { Transaction } from '../../../platform/database/pool.ts';
import { recordAudit } from '../../audit/index.ts';
import {
  connectDestination,
  findNextUpdate,
  hasWaiting,
  lockNextUpdate,
  lockWaiting,
  saveNextUpdate,
} from '../destinations-store.ts';
import { chats } from '../providers/index.ts';
import { readStarts, type StartedChat } from '../providers/telegram/index.ts';
import { sealPurpose } from './seals.ts';

const pagesMax = 20;

export async function connectChats(context: Context): Promise<void> {
  if (!chats.telegram.isReady(context)) return;
  if (!(await hasWaiting(context.database, context.clocks.wall()))) return;
  for (let page = 0; page < pagesMax; page += 1) {
    if (!(await connectPage(context))) return;
  }
}

/**
 * Answers whether there may be more. The bot is asked outside the transaction; whoever finds that another process has gone
 * further meanwhile leaves it at that.
 */
async function connectPage(context: Context): Promise<boolean> {
  const next = await findNextUpdate(context.database);
  const news = await readStarts(context, next);
  if (!news || news.nextUpdate === next) return false;
  return inTransaction(context, async (transaction) => {
    if ((await lockNextUpdate(transaction)) !== next) return false;
    for (const start of news.starts) await connect(context, transaction, start);
    await saveNextUpdate(transaction, news.nextUpdate);
    return true;
  });
}

async function connect(
  context: Context,
  transaction: Transaction,
  { code, chatId }: StartedChat,
): Promise<void> {
  const at = context.clocks.wall();
  const waiting = await lockWaiting(transaction, { codeHash: sha256(code), at });
  if (!waiting) return;
  const { id, organizationId, channel, name } = waiting;
  const sealedAddress = context.sealer.seal(chatId, sealPurpose(id));
  await connectDestination(transaction, { id, sealedAddress });
  await recordAudit(context, transaction, {
    organizationId,
    action: 'notice_destination.connect',
    resource: { kind: 'notice_destination', id },
    newValues: { channel, name },
  });
}
