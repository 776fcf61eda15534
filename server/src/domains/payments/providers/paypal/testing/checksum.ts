/** What an attacker can do to a checksum: any JSON text, with a last field that makes its CRC-32 that of another body. */
import { crc32 } from 'node:zlib';
import { invariant } from '../../../../../platform/errors.ts';

/** Each place has two letters to choose from; some more than 32 of them reach any checksum. */
const placesMax = 48;

export function withSameChecksum(json: string, other: Buffer): Buffer {
  const head = `${json.slice(0, -1)},"pad":"`;
  const letters = Array.from({ length: placesMax }, () => 'a'.charCodeAt(0));
  const write = (choice: readonly number[]) =>
    Buffer.concat([Buffer.from(head), Buffer.from(choice), Buffer.from('"}')]);
  // CRC-32 is linear: what a flipped bit does to it does not depend on the others.
  const start = crc32(write(letters));
  const effects = letters.map(
    (_letter, place) => (crc32(write(flipped(letters, [place]))) ^ start) >>> 0,
  );
  const places = solve(effects, (start ^ crc32(other)) >>> 0);
  return write(flipped(letters, places));
}

/** What is in one of two sets. */
function exclusive(a: ReadonlySet<number>, b: ReadonlySet<number>): Set<number> {
  return new Set([...a, ...b].filter((each) => a.has(each) !== b.has(each)));
}

/** `a` becomes `c`, and stays printable. */
function flipped(letters: readonly number[], places: readonly number[]): number[] {
  return letters.map((letter, place) => (places.includes(place) ? letter ^ 2 : letter));
}

/** Which of the effects, joined by exclusive or, make the target. */
function solve(effects: readonly number[], target: number): number[] {
  const basis: { effect: number; places: Set<number> }[] = [];
  const reduce = (start: { effect: number; places: Set<number> }) =>
    basis.reduce(
      (left, each) =>
        (left.effect ^ each.effect) >>> 0 < left.effect
          ? {
              effect: (left.effect ^ each.effect) >>> 0,
              places: exclusive(left.places, each.places),
            }
          : left,
      start,
    );
  for (const [place, effect] of effects.entries()) {
    const rest = reduce({ effect, places: new Set([place]) });
    if (rest.effect === 0) continue;
    basis.push(rest);
    basis.sort((a, b) => b.effect - a.effect);
  }
  const found = reduce({ effect: target, places: new Set() });
  invariant(found.effect === 0, 'the places reach every checksum');
  return [...found.places];
}
