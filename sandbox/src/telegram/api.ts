/** The Bot API's methods: https://core.telegram.org/bots/api#available-methods */
import type { ServerResponse } from 'node:http';
import { readJsonObject, sendJson } from '../http/exchange.ts';
import type { Route } from '../http/router.ts';
import type { Moods } from '../steering/moods.ts';
import type { Chats } from './chats.ts';
import { isWellFormed } from './html.ts';

export interface Bot {
  token: string;
  username: string;
}

/** `silent`: no answer, and nothing arrives. `lost`: it arrives, and no answer comes. */
export type Mood = 'ok' | 'down' | 'too_many' | 'blocked' | 'silent' | 'lost';

interface Desk {
  bot: Bot;
  chats: Chats;
  moods: Moods<Mood>;
}

const textMax = 4_096;

export function apiRoutes(desk: Desk): Route[] {
  return [
    {
      method: 'POST',
      path: '/sandbox/telegram/{bot}/{method}',
      async handle({ request, response, params }) {
        const body = await readJsonObject(request);
        if (params.bot !== `bot${desk.bot.token}`) return fail(response, 401, 'Unauthorized');
        switch (params.method) {
          case 'getMe':
            return ok(response, describe(desk.bot));
          case 'getUpdates':
            return ok(response, desk.chats.updatesFrom(Number(body.offset ?? 0), limitOf(body)));
          case 'sendMessage':
            return sendMessage(desk, response, body);
          default:
            return fail(response, 404, 'Not Found');
        }
      },
    },
  ];
}

function describe({ token, username }: Bot) {
  return { id: Number(token.split(':')[0]), is_bot: true, first_name: 'Sluice', username };
}

function limitOf({ limit }: Record<string, unknown>): number {
  return Math.min(Number(limit ?? 100), 100);
}

function sendMessage(
  { chats, moods }: Desk,
  response: ServerResponse,
  body: Record<string, unknown>,
): void {
  const chat = String(body.chat_id ?? '');
  const mood = moods.next();
  // Taken, and the answer lost on the way.
  if (mood === 'lost') chats.deliver(chat, String(body.text));
  const problem =
    problems[mood] ?? (mood === 'ok' ? problemOf(body, chats.isStarted(chat)) : undefined);
  if (mood === 'lost' || mood === 'silent') {
    response.destroy();
  } else if (problem) {
    fail(response, ...problem);
  } else {
    const { message_id, text } = chats.deliver(chat, String(body.text));
    ok(response, { message_id, chat: { id: Number(chat) }, text });
  }
}

type Problem = [code: number, description: string, parameters?: { retry_after: number }];

const problems: Record<string, Problem> = {
  down: [502, 'Bad Gateway'],
  too_many: [429, 'Too Many Requests: retry after 3', { retry_after: 3 }],
  blocked: [403, 'Forbidden: bot was blocked by the user'],
};

function problemOf(
  { text, parse_mode: mode }: Record<string, unknown>,
  isStarted: boolean,
): Problem | undefined {
  if (!isStarted) return [400, 'Bad Request: chat not found'];
  if (typeof text !== 'string' || text === '') return [400, 'Bad Request: message text is empty'];
  if (text.length > textMax) return [400, 'Bad Request: message is too long'];
  if (mode === 'HTML' && !isWellFormed(text)) return [400, "Bad Request: can't parse entities"];
  return undefined;
}

function ok(response: ServerResponse, result: unknown): void {
  sendJson(response, 200, { ok: true, result });
}

function fail(
  response: ServerResponse,
  code: number,
  description: string,
  parameters?: { retry_after: number },
): void {
  sendJson(response, code, {
    ...{ ok: false, error_code: code, description },
    ...(parameters && { parameters }),
  });
}
