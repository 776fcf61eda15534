/** Chats that an organization connects, tries and disconnects. */

import type { AnswerOf, BodyOf } from '@sluice/contract/endpoint';
import type { createNoticeDestination, listNoticeDestinations } from '@sluice/contract/notices';
import { type Context, inTransaction } from '../../../platform/context.ts';
import { newToken, sha256 } from '../../../platform/crypto.ts';
import { notFound, Refusal } from '../../../platform/errors.ts';
import { newId } from '../../../platform/ids.ts';
import { recordAudit } from '../../audit/index.ts';
import { findOrganization } from '../../identity/index.ts';
import {
  claimTest,
  type Destination,
  deleteDestination,
  findDestination,
  findDestinations,
  insertDestination,
} from '../destinations-store.ts';
import type { SendOutcome } from '../provider.ts';
import { chats } from '../providers/index.ts';
import { botName } from '../providers/telegram/index.ts';
import { robotKeyIn } from '../providers/wecom/index.ts';
import { skipTellingsTo } from '../store.ts';
import { connectChats } from './connect-chats.ts';
import { sealPurpose } from './seals.ts';

type View = AnswerOf<typeof createNoticeDestination>;

/** Each is a place where somebody may read what the organization does. */
const destinationsMax = 20;
const linkTermMs = 86_400_000;
const testPauseMs = 15_000;

export async function readDestinations(
  context: Context,
  organizationId: string,
): Promise<AnswerOf<typeof listNoticeDestinations>> {
  const rows = await findDestinations(context.database, organizationId);
  const waits = rows.some(({ sealedAddress }) => sealedAddress === null);
  const bot = waits ? await botName(context) : undefined;
  const channels = (['telegram', 'wecom'] as const).filter((name) => chats[name].isReady(context));
  return { data: rows.map((row) => present(context, row, bot)), next_cursor: null, channels };
}

/** @throws Refusal `invalid_state` where there is no bot, or too many chats; `rule_violated` for what is no robot's key. */
export async function createDestination(
  context: Context,
  organizationId: string,
  body: BodyOf<typeof createNoticeDestination>,
): Promise<View> {
  const at = context.clocks.wall();
  const id = newId('ntd', at);
  const { channel, name, locale } = body;
  const bot = channel === 'telegram' ? await requireBot(context) : undefined;
  const code = channel === 'telegram' ? newToken('') : undefined;
  const seal = (text: string | undefined) =>
    text === undefined ? null : context.sealer.seal(text, sealPurpose(id));
  const made: Destination = {
    ...{ id, organizationId, channel, name, locale, createdAt: at },
    sealedAddress: seal(channel === 'wecom' ? requireRobot(body.robot) : undefined),
    sealedCode: seal(code),
    codeExpiresAt: code === undefined ? null : new Date(at.getTime() + linkTermMs),
    createdBy: context.actor.kind === 'user' ? context.actor.id : null,
  };
  await inTransaction(context, async (transaction) => {
    if ((await findDestinations(transaction, organizationId)).length >= destinationsMax) {
      throw new Refusal('invalid_state', 'Disconnect a chat first: there are as many as may be.');
    }
    await insertDestination(transaction, { ...made, codeHash: code ? sha256(code) : null });
    await recordAudit(context, transaction, {
      organizationId,
      action: 'notice_destination.create',
      resource: { kind: 'notice_destination', id },
      newValues: { channel, name, locale },
    });
  });
  return present(context, made, bot);
}

async function requireBot(context: Context): Promise<string> {
  const bot = chats.telegram.isReady(context) ? await botName(context) : undefined;
  if (bot !== undefined) return bot;
  throw new Refusal(
    'invalid_state',
    'Telegram cannot be reached from here now: try again later, or ask whoever runs this service.',
  );
}

function requireRobot(text: string): string {
  const key = robotKeyIn(text);
  if (key !== undefined) return key;
  throw new Refusal(
    'rule_violated',
    'Copy the webhook address of the group robot, as WeCom shows it, or the key at its end.',
    { param: 'robot' },
  );
}

/** Looks for the chat of one that waits; the job does so every minute. */
export async function checkDestination(
  context: Context,
  of: { organizationId: string; id: string },
): Promise<View> {
  const before = await findDestination(context.database, of);
  if (!before) throw notFound('chat');
  if (before.sealedAddress === null) await connectChats(context);
  const after = await findDestination(context.database, of);
  if (!after) throw notFound('chat');
  return present(context, after, after.sealedAddress ? undefined : await botName(context));
}

/** @throws Refusal `not_found`, `invalid_state`, `too_many_requests`. */
export async function testDestination(
  context: Context,
  of: { organizationId: string; id: string },
): Promise<SendOutcome> {
  const destination = await findDestination(context.database, of);
  const organization = await findOrganization(context.database, of.organizationId);
  if (!destination || !organization) throw notFound('chat');
  const { sealedAddress, channel, locale } = destination;
  if (sealedAddress === null) {
    throw new Refusal('invalid_state', 'Open the link in the chat first.');
  }
  const now = context.clocks.wall();
  const notSince = new Date(now.getTime() - testPauseMs);
  if (!(await claimTest(context.database, { ...of, now, notSince }))) {
    throw new Refusal('too_many_requests', 'Wait a moment before you send another one.', {
      retryAfterSeconds: testPauseMs / 1000,
    });
  }
  const address = context.sealer.open(sealedAddress, sealPurpose(destination.id));
  const url = `${context.config.publicUrl}/organization?tab=notifications`;
  const words = trial[locale];
  return chats[channel].send(context, address, {
    ...{ title: words.title, text: words.text, organization: organization.name },
    link: { words: words.action, url },
  });
}

const trial = {
  en: {
    title: 'A trial message',
    text: 'Notices will arrive here.',
    action: 'Open the settings',
  },
  'zh-CN': { title: '测试消息', text: '通知将发送到这里。', action: '打开设置' },
};

/** Nothing more is told there: what still waits for it is skipped. */
export async function removeDestination(
  context: Context,
  of: { organizationId: string; id: string },
): Promise<void> {
  await inTransaction(context, async (transaction) => {
    const removed = await deleteDestination(transaction, of);
    if (!removed) throw notFound('chat');
    const { organizationId, id, channel, name } = removed;
    const detail = 'The chat was disconnected.';
    const at = context.clocks.wall();
    await skipTellingsTo(transaction, { organizationId, recipient: id, detail, at });
    await recordAudit(context, transaction, {
      organizationId,
      action: 'notice_destination.delete',
      resource: { kind: 'notice_destination', id },
      oldValues: { channel, name },
    });
  });
}

function present(context: Context, row: Destination, bot: string | undefined): View {
  const { id, channel, name, locale, sealedAddress, sealedCode, codeExpiresAt, createdAt } = row;
  const isWaiting = sealedAddress === null;
  const code =
    isWaiting && sealedCode !== null ? context.sealer.open(sealedCode, sealPurpose(id)) : undefined;
  return {
    ...{ id, channel, name, locale },
    status: isWaiting ? 'waiting' : 'active',
    link: code !== undefined && bot !== undefined ? linkOf(context, bot, code) : null,
    link_expires_at: codeExpiresAt?.toISOString() ?? null,
    created_at: createdAt.toISOString(),
  };
}

/** https://core.telegram.org/bots/features#deep-linking */
function linkOf({ config }: Context, bot: string, code: string): string {
  const host = config.mode === 'sandbox' ? `${config.publicUrl}/sandbox/telegram` : 'https://t.me';
  return `${host}/${bot}?start=${code}`;
}
