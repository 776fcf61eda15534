/** Where a guest came from, for the time of the tab. */
export interface WayBack {
  url: string;
  name: string;
}

const key = 'way-back';

export function keepWayBack(way: WayBack | null): void {
  if (way === null) sessionStorage.removeItem(key);
  else sessionStorage.setItem(key, JSON.stringify(way));
}

export function findWayBack(): WayBack | undefined {
  const kept = sessionStorage.getItem(key);
  return kept === null ? undefined : (JSON.parse(kept) as WayBack);
}
