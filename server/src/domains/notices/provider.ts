/** The port to whatever carries a notice out of the app. */
import type { NoticeChannel } from '@sluice/contract/organization-settings';
import type { Context } from '../../platform/context.ts';
import type { Transaction } from '../../platform/database/pool.ts';

export type ChatChannel = Extract<NoticeChannel, 'telegram' | 'wecom'>;

/** What is told, in the words of its reader. */
export interface Message {
  title: string;
  text: string;
  link: { words: string; url: string };
  /** What the organization is called. */
  organization: string;
}

/** Mail leaves with the transaction that tells of it: `delivery` sees to the rest. Answers the message's id. */
export type PostMail = (
  context: Context,
  transaction: Transaction,
  mail: { to: string; message: Message; locale: 'en' | 'zh-CN' },
) => Promise<string>;

/**
 * What became of a try. `refused`: it will never be taken. `down`: it did not get there, and may later. `unknown`: it may
 * have got there, so it is not sent again.
 */
export type SendOutcome =
  | { status: 'sent' }
  | { status: 'refused' | 'unknown'; detail: string }
  | { status: 'down'; detail: string; retryAfterMs?: number };

/** A chat's way in: its address is a secret, and never part of what is logged or answered. */
export interface ChatCarrier {
  /** Whether this deployment can use it at all. */
  isReady(context: Context): boolean;
  send(context: Context, address: string, message: Message): Promise<SendOutcome>;
}
