/** The session's cookies: out of reach for scripts, and not sent along by other sites' forms. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Config } from '../../platform/config.ts';
import { newSecret, newToken } from '../../platform/crypto.ts';
import { deviceCookie } from '../../platform/http/device.ts';
import { accessTokenSeconds } from './access-tokens.ts';
import { accessCookie } from './operations/authenticate.ts';
import { refreshTokenMs } from './operations/open-session.ts';
import { flowMs } from './operations/sso-flow.ts';

export const refreshCookie = 'sluice_refresh';

const refreshPath = '/api/v1/auth';

export function setSessionCookies(
  reply: FastifyReply,
  config: Config,
  tokens: { accessToken: string; refreshToken: string },
): void {
  const shared = sharedOptions(config);
  reply.setCookie(accessCookie, tokens.accessToken, {
    ...shared,
    path: '/',
    maxAge: accessTokenSeconds,
  });
  reply.setCookie(refreshCookie, tokens.refreshToken, {
    ...shared,
    path: refreshPath,
    maxAge: Math.floor(refreshTokenMs / 1000),
  });
  markDevice(reply, config);
}

/** Marks a browser, so that accounts which share it can be told; it outlives the session and signs nobody in. */
export function markDevice(reply: FastifyReply, config: Config): void {
  if (reply.request.cookies[deviceCookie] !== undefined) return;
  reply.setCookie(deviceCookie, newToken(''), {
    ...sharedOptions(config),
    path: refreshPath,
    maxAge: deviceSeconds,
  });
}

const deviceSeconds = 400 * 86_400;

export function clearSessionCookies(reply: FastifyReply, config: Config): void {
  const shared = sharedOptions(config);
  reply.clearCookie(accessCookie, { ...shared, path: '/' });
  reply.clearCookie(refreshCookie, { ...shared, path: refreshPath });
}

/**
 * Names the browser that sets out to an identity provider, anew or as before: several tabs may be on their way. With
 * HTTPS no other host of the domain can set it.
 */
export function browserOf(request: FastifyRequest, reply: FastifyReply, config: Config): string {
  const value = readBrowser(request, config) || newSecret('');
  reply.setCookie(browserCookie(config), value, {
    ...sharedOptions(config),
    path: '/',
    maxAge: flowMs / 1000,
  });
  return value;
}

/** The browser that came back; empty for one that never set out. */
export function readBrowser(request: FastifyRequest, config: Config): string {
  return request.cookies[browserCookie(config)] ?? '';
}

function browserCookie(config: Config): string {
  return config.publicUrl.startsWith('https:') ? '__Host-sluice_sso' : 'sluice_sso';
}

function sharedOptions(config: Config) {
  return {
    httpOnly: true,
    sameSite: 'lax',
    secure: config.publicUrl.startsWith('https:'),
  } as const;
}
