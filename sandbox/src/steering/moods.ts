/** How tests bend what the next messages of a service meet; the service itself has nothing of this. */
import { readJsonObject, sendJson } from '../http/exchange.ts';
import type { Route } from '../http/router.ts';
import { integer, oneOf, readSteeringFields } from './fields.ts';

interface Steering<Mood extends string> {
  mood?: Mood;
  /** Left out: until further notice. */
  times?: number;
}

export class Moods<Mood extends string> {
  readonly known: readonly Mood[];
  readonly #usual: Mood;
  #steering: Steering<Mood> = {};

  /** The first is the usual one. */
  constructor(usual: Mood, ...others: Mood[]) {
    this.#usual = usual;
    this.known = [usual, ...others];
  }

  steer(steering: Steering<Mood>): void {
    this.#steering = steering;
  }

  next(): Mood {
    const { mood = this.#usual, times } = this.#steering;
    if (times !== undefined) this.#steering = times > 1 ? { mood, times: times - 1 } : {};
    return mood;
  }
}

export function steeringRoutes<Mood extends string>(moods: Moods<Mood>, path: string): Route[] {
  return [
    {
      method: 'POST',
      path,
      async handle({ request, response }) {
        const steering = readSteeringFields<Steering<Mood>>(await readJsonObject(request), {
          mood: oneOf(...moods.known),
          times: integer(1, 1_000),
        });
        moods.steer(steering);
        sendJson(response, 200, { steering });
      },
    },
  ];
}
