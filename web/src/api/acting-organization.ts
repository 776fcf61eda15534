/**
 * The organization that a person chose to act for, kept in this browser. Without a choice it is their own, as for the
 * server.
 */
import { useSyncExternalStore } from 'react';

const key = 'sluice.organization';
const listeners = new Set<() => void>();
let chosen = read();

export function chosenOrganization(): string | undefined {
  return chosen;
}

export function chooseOrganization(id: string | undefined): void {
  if (id === chosen) return;
  chosen = id;
  try {
    if (id === undefined) localStorage.removeItem(key);
    else localStorage.setItem(key, id);
  } catch {
    // The choice still holds for this page.
  }
  for (const listener of listeners) listener();
}

export function useChosenOrganization(): string | undefined {
  return useSyncExternalStore(subscribe, chosenOrganization);
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function read(): string | undefined {
  try {
    return localStorage.getItem(key) ?? undefined;
  } catch {
    return undefined;
  }
}
