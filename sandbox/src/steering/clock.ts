/**
 * The providers' calendar: their days, terms and repeated notifications go by it, and it moves as it is told.
 * Signatures carry the true time, as whoever checks them does.
 */
import { RequestError, readJsonObject, sendJson } from '../http/exchange.ts';
import type { Route } from '../http/router.ts';

export class Clock {
  readonly #listeners: (() => void)[] = [];
  #offsetMs = 0;

  now(): Date {
    return new Date(Date.now() + this.#offsetMs);
  }

  /** Forward or back; whatever waits for an instant is told. */
  moveTo(instant: Date): void {
    this.#offsetMs = instant.getTime() - Date.now();
    for (const tell of this.#listeners) tell();
  }

  onMove(listener: () => void): void {
    this.#listeners.push(listener);
  }
}

export function clockRoutes(clock: Clock): Route[] {
  const path = '/sandbox/clock';
  const show: Route['handle'] = ({ response }) =>
    sendJson(response, 200, { now: clock.now().toISOString() });
  return [
    { method: 'GET', path, handle: show },
    {
      method: 'POST',
      path,
      async handle(exchange) {
        const { to, ...rest } = await readJsonObject(exchange.request);
        const instant = typeof to === 'string' ? new Date(to) : undefined;
        if (!instant || Number.isNaN(instant.getTime()) || Object.keys(rest).length > 0) {
          throw new RequestError(400, 'Send {"to": "2026-03-31T00:00:00Z"}.');
        }
        clock.moveTo(instant);
        await show(exchange);
      },
    },
  ];
}
