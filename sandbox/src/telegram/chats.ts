/** What the bot was sent and has sent, in memory. */
import { type ReadText, readHtml } from './html.ts';

export interface SentMessage extends ReadText {
  message_id: number;
  chat_id: string;
  sent_at: string;
}

export interface Update {
  update_id: number;
  message: { message_id: number; date: number; text: string; chat: { id: number; type: string } };
}

const messagesMax = 1_000;

export class Chats {
  readonly #started = new Set<string>();
  #messages: SentMessage[] = [];
  #updates: Update[] = [];
  #lastId = 0;

  /** Somebody writes to the bot; groups have negative ids. */
  receive(chatId: number, text: string): void {
    this.#lastId += 1;
    this.#started.add(String(chatId));
    const chat = { id: chatId, type: chatId < 0 ? 'group' : 'private' };
    const date = Math.floor(Date.now() / 1000);
    const message = { message_id: this.#lastId, date, text, chat };
    this.#updates.push({ update_id: this.#lastId, message });
  }

  /** Those from an update on; what comes before it is known to the bot, and gone. */
  updatesFrom(offset: number, limit: number): Update[] {
    this.#updates = this.#updates.filter(({ update_id: id }) => id >= offset);
    return this.#updates.slice(0, limit);
  }

  isStarted(chatId: string): boolean {
    return this.#started.has(chatId);
  }

  deliver(chatId: string, text: string): SentMessage {
    this.#lastId += 1;
    const sent = {
      ...{ message_id: this.#lastId, chat_id: chatId },
      ...readHtml(text),
      sent_at: new Date().toISOString(),
    };
    this.#messages = [...this.#messages, sent].slice(-messagesMax);
    return sent;
  }

  newestFirst(): SentMessage[] {
    return this.#messages.toReversed();
  }
}
