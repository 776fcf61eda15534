/** The chats that can be told in. */
import type { ChatCarrier, ChatChannel } from '../provider.ts';
import { telegram } from './telegram/index.ts';
import { wecom } from './wecom/index.ts';

export const chats: Record<ChatChannel, ChatCarrier> = { telegram, wecom };
