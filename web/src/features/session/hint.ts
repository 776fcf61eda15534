/**
 * Whether somebody is likely signed in here. The session itself lives in cookies that no script can read; without
 * this hint every visitor's first page would ask for a session and be refused, twice.
 */
import { forgetStored, readStored, writeStored } from '../preferences/stored.ts';

const key = 'sluice.session';
const likely = 'likely';

export function isSessionLikely(): boolean {
  return readStored(key, [likely]) !== undefined;
}

export function hintSession(isSignedIn: boolean): void {
  if (isSignedIn) writeStored(key, likely);
  else forgetStored(key);
}

/** Calls back when somebody signs out in another tab of this browser. */
export function onSignedOutElsewhere(happened: () => void): void {
  window.addEventListener('storage', (event) => {
    // Without a key, all that was stored is gone.
    if (event.key === key ? event.newValue === null : event.key === null) happened();
  });
}
