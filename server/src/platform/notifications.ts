/** One listening connection per process, shared by every cache that other processes must be able to invalidate. */
import { listen } from './database/listen.ts';
import type { Log } from './log.ts';

export interface Subscriber {
  onNotify(payload: string): void;
  /** Notifications may have been missed: drop what is cached. */
  onGap(): void;
}

export interface Notifications {
  /** Adds a subscriber; before `start`, because the channels are then fixed. */
  subscribe(channel: string, subscriber: Subscriber): void;
  start(url: string): Promise<void>;
  close(): Promise<void>;
}

export function createNotifications(log: Log): Notifications {
  const subscribers = new Map<string, Subscriber[]>();
  let connection: { close(): Promise<void> } | undefined;
  const all = () => [...subscribers.values()].flat();
  return {
    subscribe(channel, subscriber) {
      if (connection) throw new Error(`"${channel}" is subscribed before listening starts`);
      subscribers.set(channel, [...(subscribers.get(channel) ?? []), subscriber]);
    },
    async start(url) {
      connection = await listen({
        url,
        channels: [...subscribers.keys()],
        onNotify: (channel, payload) => {
          for (const subscriber of subscribers.get(channel) ?? []) subscriber.onNotify(payload);
        },
        onReconnect: () => {
          for (const subscriber of all()) subscriber.onGap();
        },
        onConnectionError: (error) =>
          log.warn({ err: error }, 'the listening connection broke; reconnecting'),
      });
      // Whatever was cached between subscribing and listening may be stale already.
      for (const subscriber of all()) subscriber.onGap();
    },
    async close() {
      await connection?.close();
    },
  };
}
