/** Telegram for one bot: the API that it calls, and a page that stands in for the app. */
import { randomBytes, randomInt } from 'node:crypto';
import { type Exchange, sendHtml, sendJson } from '../http/exchange.ts';
import { pickLocale, wantsHtml } from '../http/page.ts';
import type { Route } from '../http/router.ts';
import { Moods, steeringRoutes } from '../steering/moods.ts';
import { apiRoutes, type Bot, type Mood } from './api.ts';
import { Chats } from './chats.ts';
import { renderMessages, renderStart } from './page.ts';

export type { Bot };

/** As BotFather would give them. */
export function drawBot(): Bot {
  const id = randomInt(100_000_000, 1_000_000_000);
  return {
    token: `${id}:${randomBytes(26).toString('base64url').slice(0, 35)}`,
    username: 'sluice_sandbox_bot',
  };
}

export function openTelegram(bot: Bot): { routes: Route[]; close(): Promise<void> } {
  const chats = new Chats();
  const moods = new Moods<Mood>('ok', 'down', 'too_many', 'blocked', 'silent', 'lost');
  const routes = [
    ...apiRoutes({ bot, chats, moods }),
    ...appRoutes(bot, chats),
    ...steeringRoutes(moods, '/sandbox/telegram/steering'),
  ];
  return { routes, close: async () => undefined };
}

function appRoutes(bot: Bot, chats: Chats): Route[] {
  const start = `/sandbox/telegram/${bot.username}`;
  return [
    {
      method: 'GET',
      path: '/sandbox/telegram/messages',
      handle(exchange) {
        const data = chats.newestFirst();
        if (!wantsHtml(exchange)) return sendJson(exchange.response, 200, { data });
        sendHtml(exchange.response, 200, renderMessages(data, pickLocale(exchange)));
      },
    },
    { method: 'GET', path: start, handle: (exchange) => showStart(bot, exchange, false) },
    {
      method: 'POST',
      path: start,
      handle(exchange) {
        const { query } = exchange;
        // A group where `startgroup` says so, else a person.
        const code = query.get('start') ?? query.get('startgroup') ?? '';
        const id = randomInt(1_000_000, 1_000_000_000);
        chats.receive(query.has('startgroup') ? -id : id, `/start ${code}`);
        showStart(bot, exchange, true);
      },
    },
  ];
}

function showStart({ username }: Bot, exchange: Exchange, isStarted: boolean): void {
  const page = renderStart({ bot: username, isStarted }, pickLocale(exchange));
  sendHtml(exchange.response, 200, page);
}
