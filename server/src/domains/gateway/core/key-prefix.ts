const shownMax = 8;

/** How a key begins, to tell it from others: never more than a quarter of it. */
export function keyPrefix(key: string): string {
  return key.slice(0, Math.min(shownMax, Math.floor(key.length / 4)));
}
