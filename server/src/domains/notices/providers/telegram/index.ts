/** Telegram's Bot API: https://core.telegram.org/bots/api */
import type { Context } from '../../../../platform/context.ts';
import { type Exchange, post } from '../../outside.ts';
import type { ChatCarrier, SendOutcome } from '../../provider.ts';
import { telegramText } from './render.ts';

const service = { live: 'https://api.telegram.org', sandbox: '/sandbox/telegram' };

export const telegram: ChatCarrier = {
  isReady: ({ config }) => config.telegramBotToken !== undefined,
  async send(context, chatId, message) {
    const exchange = await call(context, 'sendMessage', {
      chat_id: chatId,
      text: telegramText(message),
      parse_mode: 'HTML',
      link_preview_options: { is_disabled: true },
    });
    return outcomeOf(exchange);
  },
};

/** How the bot is called, for links into it; undefined where Telegram does not say. */
export async function botName(context: Context): Promise<string | undefined> {
  const exchange = await call(context, 'getMe', {});
  if (exchange.kind !== 'answered' || exchange.body.ok !== true) return undefined;
  const { username } = exchange.body.result as { username?: unknown };
  return typeof username === 'string' && /^\w{3,64}$/.test(username) ? username : undefined;
}

export interface StartedChat {
  update: number;
  chatId: string;
  /** What its link carried. */
  code: string;
}

const updatesMax = 100;

/**
 * What people have sent the bot since an update: those who opened a link, and where the next question begins. Undefined
 * where Telegram does not say.
 */
export async function readStarts(
  context: Context,
  nextUpdate: bigint,
): Promise<{ starts: StartedChat[]; nextUpdate: bigint } | undefined> {
  const exchange = await call(context, 'getUpdates', {
    offset: Number(nextUpdate),
    limit: updatesMax,
    timeout: 0,
    allowed_updates: ['message'],
  });
  if (exchange.kind !== 'answered' || exchange.body.ok !== true) return undefined;
  const updates = Array.isArray(exchange.body.result) ? exchange.body.result : [];
  const read = updates.map(readUpdate).filter((update) => update !== undefined);
  const last = read.reduce((most, { update }) => Math.max(most, update), Number(nextUpdate) - 1);
  const starts = read.flatMap(({ update, chatId, text }) => {
    // A group sends `/start@bot code`.
    const code = /^\/start(?:@\w+)?\s+([\w-]{16,64})$/.exec(text)?.[1];
    return code === undefined || chatId === undefined ? [] : [{ update, chatId, code }];
  });
  return { starts, nextUpdate: BigInt(last + 1) };
}

interface Update {
  update_id?: unknown;
  message?: { text?: unknown; chat?: { id?: unknown } };
}

function readUpdate(raw: unknown) {
  const { update_id: update, message } = raw as Update;
  if (!Number.isSafeInteger(update)) return undefined;
  const id = message?.chat?.id;
  const chatId = Number.isSafeInteger(id) ? String(id) : undefined;
  return { update: update as number, chatId, text: String(message?.text ?? '') };
}

function call(context: Context, method: string, body: object): Promise<Exchange> {
  return post(context, service, { path: `/bot${context.config.telegramBotToken}/${method}`, body });
}

function outcomeOf(exchange: Exchange): SendOutcome {
  if (exchange.kind === 'not_sent') return { status: 'down', detail: 'Telegram was not reached.' };
  if (exchange.kind === 'unanswered') {
    return { status: 'unknown', detail: 'Telegram did not answer.' };
  }
  const { status, body } = exchange;
  if (status === 200 && body.ok === true) return { status: 'sent' };
  const said = typeof body.description === 'string' ? body.description : `status ${status}`;
  const detail = `Telegram: ${said}`.slice(0, 300);
  if (status === 429) {
    const { retry_after: seconds } = (body.parameters ?? {}) as { retry_after?: unknown };
    return { status: 'down', detail, retryAfterMs: (Number(seconds) || 0) * 1000 };
  }
  // 401 and 404 are about our own token: an operator may set that right.
  const isOurs = status >= 500 || status === 401 || status === 404;
  return { status: isOurs ? 'down' : 'refused', detail };
}
