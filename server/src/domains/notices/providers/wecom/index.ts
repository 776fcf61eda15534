/** Group robots of WeCom: https://developer.work.weixin.qq.com/document/path/91770 */
import { post } from '../../outside.ts';
import type { ChatCarrier } from '../../provider.ts';
import { wecomMarkdown } from './render.ts';

const service = { live: 'https://qyapi.weixin.qq.com', sandbox: '/sandbox/wecom' };

/** Twenty messages a minute for each robot; the next minute takes more. */
const tooOften = 45009;
const busy = -1;
const minuteMs = 60_000;

export const wecom: ChatCarrier = {
  isReady: () => true,
  async send(context, key, message) {
    const exchange = await post(context, service, {
      path: `/cgi-bin/webhook/send?key=${encodeURIComponent(key)}`,
      body: { msgtype: 'markdown', markdown: { content: wecomMarkdown(message) } },
    });
    if (exchange.kind === 'not_sent') return { status: 'down', detail: 'WeCom was not reached.' };
    if (exchange.kind === 'unanswered') {
      return { status: 'unknown', detail: 'WeCom did not answer.' };
    }
    const { errcode, errmsg } = exchange.body;
    if (exchange.status === 200 && errcode === 0) return { status: 'sent' };
    const detail = `WeCom: ${errcode ?? exchange.status} ${String(errmsg ?? '')}`.slice(0, 300);
    if (errcode === tooOften) return { status: 'down', detail, retryAfterMs: minuteMs };
    const isDown = exchange.status !== 200 || errcode === busy || errcode === undefined;
    return { status: isDown ? 'down' : 'refused', detail };
  },
};

/** The key of a robot, out of its webhook address or alone; undefined for anything else. */
export function robotKeyIn(text: string): string | undefined {
  const given = text.trim();
  const key = given.startsWith('https://qyapi.weixin.qq.com/cgi-bin/webhook/send?')
    ? new URLSearchParams(given.slice(given.indexOf('?'))).get('key')
    : given;
  return key !== null && /^[0-9A-Za-z-]{16,64}$/.test(key) ? key : undefined;
}
