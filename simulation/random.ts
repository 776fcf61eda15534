/** Chance that can be had again: the same seed and name give the same sequence, whatever else is drawn meanwhile. */

export interface Random {
  /** At least 0, less than 1. */
  next(): number;
  /** A whole number, both ends included. */
  integer(from: number, to: number): number;
  chance(probability: number): boolean;
  pick<T>(list: readonly T[]): T;
  /** One of the keys, as often as its weight says. */
  weighted<K extends string>(weights: Readonly<Record<K, number>>): K;
}

/** sfc32 (http://pracrand.sourceforge.net), begun with a hash of the seed and the name. */
export function randomOf(seed: number, name: string): Random {
  let [a, b, c, counter] = [hash(name, seed), hash(name, seed ^ 0x9e3779b9), seed | 0, 1];
  const draw = () => {
    const sum = (a + b + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = ((c << 21) | (c >>> 11)) + sum;
    return (sum >>> 0) / 2 ** 32;
  };
  // The first draws still show the seed.
  for (let round = 0; round < 12; round += 1) draw();
  return {
    next: draw,
    integer: (from, to) => from + Math.floor(draw() * (to - from + 1)),
    chance: (probability) => draw() < probability,
    pick: (list) => list[Math.floor(draw() * list.length)] as (typeof list)[number],
    weighted: (weights) => weightedKey(weights, draw()),
  };
}

function weightedKey<K extends string>(weights: Readonly<Record<K, number>>, at: number): K {
  const entries = Object.entries(weights) as [K, number][];
  let left = at * entries.reduce((total, [, weight]) => total + weight, 0);
  for (const [key, weight] of entries) {
    left -= weight;
    if (left < 0) return key;
  }
  return (entries.at(-1) as [K, number])[0];
}

/** FNV-1a. */
function hash(text: string, seed: number): number {
  let value = seed ^ 0x811c9dc5;
  for (const character of text) {
    value = Math.imul(value ^ (character.codePointAt(0) ?? 0), 0x01000193);
  }
  return value | 0;
}
