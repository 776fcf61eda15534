/**
 * Group robots of WeCom: https://developer.work.weixin.qq.com/document/path/91770. Any well-formed key is a robot's, but
 * for one that ends in `-removed`; each takes twenty messages a minute.
 */
import { type Exchange, isRecord, readJsonObject, sendJson } from '../http/exchange.ts';
import type { Route } from '../http/router.ts';
import { Moods, steeringRoutes } from '../steering/moods.ts';

type Mood = 'ok' | 'down' | 'busy' | 'silent';

export interface RobotMessage {
  key: string;
  msgtype: string;
  content: string;
  sent_at: string;
}

const messagesMax = 1_000;
const perMinuteMax = 20;
const minuteMs = 60_000;
/** In bytes of UTF-8. */
const contentMax: Record<string, number> = { text: 2_048, markdown: 4_096 };

export function openWecom(): { routes: Route[]; close(): Promise<void> } {
  let messages: RobotMessage[] = [];
  const moods = new Moods<Mood>('ok', 'down', 'busy', 'silent');
  const routes: Route[] = [
    {
      method: 'POST',
      path: '/sandbox/wecom/cgi-bin/webhook/send',
      async handle(exchange) {
        const taken = await receive(exchange, messages, moods);
        if (taken) messages = [...messages, taken].slice(-messagesMax);
      },
    },
    {
      method: 'GET',
      path: '/sandbox/wecom/messages',
      handle: ({ response }) => sendJson(response, 200, { data: messages.toReversed() }),
    },
    ...steeringRoutes(moods, '/sandbox/wecom/steering'),
  ];
  return { routes, close: async () => undefined };
}

/** Answers as the service does: status 200, and what is wrong in `errcode`. */
async function receive(
  { request, response, query }: Exchange,
  sent: readonly RobotMessage[],
  moods: Moods<Mood>,
): Promise<RobotMessage | undefined> {
  const body = await readJsonObject(request);
  const key = query.get('key') ?? '';
  const mood = moods.next();
  if (mood === 'silent') {
    response.destroy();
    return undefined;
  }
  if (mood === 'down') {
    sendJson(response, 502, {});
    return undefined;
  }
  const problem = mood === 'busy' ? busy : problemOf(body, { key, sent });
  const [errcode, errmsg] = problem ?? [0, 'ok'];
  sendJson(response, 200, { errcode, errmsg });
  if (problem) return undefined;
  const msgtype = String(body.msgtype);
  return { key, msgtype, content: contentOf(body), sent_at: new Date().toISOString() };
}

type Problem = [errcode: number, errmsg: string];

const busy: Problem = [-1, 'system busy'];

function problemOf(
  body: Record<string, unknown>,
  { key, sent }: { key: string; sent: readonly RobotMessage[] },
): Problem | undefined {
  if (!/^[0-9A-Za-z-]{16,64}$/.test(key) || key.endsWith('-removed')) {
    return [93000, 'invalid webhook url'];
  }
  const since = new Date(Date.now() - minuteMs).toISOString();
  const lately = sent.filter((message) => message.key === key && message.sent_at > since);
  if (lately.length >= perMinuteMax) return [45009, 'api freq out of limit'];
  const max = contentMax[String(body.msgtype)];
  if (max === undefined) return [40008, 'invalid message type'];
  const content = contentOf(body);
  if (content === '') return [44004, 'empty content'];
  return Buffer.byteLength(content) > max ? [45002, 'content size out of limit'] : undefined;
}

function contentOf(body: Record<string, unknown>): string {
  const part = body[String(body.msgtype)];
  return isRecord(part) && typeof part.content === 'string' ? part.content : '';
}
