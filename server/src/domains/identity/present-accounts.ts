/** How the contract writes what belongs to a person's own sign-in. */
import { deviceOf } from './core/device.ts';
import type { OwnSession } from './store/own-sessions.ts';
import type { Passkey } from './store/passkeys.ts';

export function presentOwnSession(session: OwnSession, currentId: string) {
  return {
    id: session.id,
    current: session.id === currentId,
    device: deviceOf(session.userAgent),
    user_agent: session.userAgent,
    ip: session.ip,
    method: session.method,
    has_second_factor: session.hasSecondFactor,
    created_at: session.createdAt.toISOString(),
    last_seen_at: session.lastSeenAt.toISOString(),
    expires_at: session.expiresAt.toISOString(),
  };
}

export function presentPasskey(passkey: Passkey) {
  return {
    id: passkey.id,
    name: passkey.name,
    synced: passkey.isSynced,
    created_at: passkey.createdAt.toISOString(),
    last_used_at: passkey.lastUsedAt?.toISOString() ?? null,
  };
}
