/** What people do with their own sign-in: second factor, passkeys, sessions, mail address and password. */
import { Readable } from 'node:stream';
import * as contract from '@sluice/contract/accounts';
import * as operating from '@sluice/contract/operating-users';
import * as passkeys from '@sluice/contract/passkeys';
import type { Platform } from '../../platform/context.ts';
import { Refusal } from '../../platform/errors.ts';
import type { Caller, UserCaller } from '../../platform/http/caller.ts';
import type { Routes } from '../../platform/http/routes.ts';
import type { PersonalData } from '../../platform/personal-data.ts';
import { type AccessTokens, createAccessTokens } from './access-tokens.ts';
import { clearSessionCookies, setSessionCookies } from './cookies.ts';
import { presentSession } from './http-sessions.ts';
import { changeEmail } from './operations/change-email.ts';
import { changePassword } from './operations/change-password.ts';
import { confirmEmail } from './operations/confirm-email.ts';
import { beginPasskey, createPasskey } from './operations/create-passkey.ts';
import { deleteMe } from './operations/delete-me.ts';
import { deleteUser } from './operations/delete-user.ts';
import { disableTotp } from './operations/disable-totp.ts';
import { enableTotp } from './operations/enable-totp.ts';
import { exportMe } from './operations/export-me.ts';
import { getSecurity } from './operations/get-security.ts';
import { findOwnWay, getSignInMethods } from './operations/get-sign-in-methods.ts';
import { countLink } from './operations/limit-address.ts';
import { endMySession, endOtherSessions, listMySessions } from './operations/own-sessions.ts';
import { renewRecoveryCodes } from './operations/renew-recovery-codes.ts';
import { setupTotp } from './operations/setup-totp.ts';
import { beginPasskeySignIn, signInWithPasskey } from './operations/sign-in-with-passkey.ts';
import { undoEmail } from './operations/undo-email.ts';
import { listPasskeys, removePasskey, renamePasskey } from './operations/update-passkeys.ts';
import { presentUser } from './present.ts';
import { presentOwnSession, presentPasskey } from './present-accounts.ts';

export function registerAccounts(
  routes: Routes,
  platform: Platform,
  personalData: readonly PersonalData[],
): void {
  registerSecondFactor(routes);
  registerPasskeySignIn(routes, createAccessTokens(platform));
  registerPasskeys(routes);
  registerOwnSessions(routes);
  registerEmailAndPassword(routes);
  registerPersonalData(routes, personalData);
}

/**
 * The person who calls; a guest whom an application let in has no account to look after.
 * @throws Refusal `forbidden`.
 */
export function accountHolderOf(caller: Caller): UserCaller {
  if (caller.kind === 'user' && caller.signIn.method !== 'portal_link') return caller;
  throw new Refusal('forbidden', 'Only a person with an account may do this: sign in.');
}

function registerSecondFactor(routes: Routes): void {
  routes.serve(contract.getMySecurity, async ({ context, caller }) => {
    const security = await getSecurity(context, accountHolderOf(caller).userId);
    return {
      has_password: security.hasPassword,
      totp: {
        enabled: security.totpEnabledAt !== null,
        enabled_at: security.totpEnabledAt?.toISOString() ?? null,
        recovery_codes_left: security.recoveryCodesLeft,
      },
      passkeys: security.passkeys,
      passkeys_available: security.passkeysAvailable,
      new_email: security.newEmail,
    };
  });
  routes.serve(contract.setupTotp, async ({ context, caller, body }) => {
    const { secret, url } = await setupTotp(context, accountHolderOf(caller), body);
    return { secret, otpauth_url: url };
  });
  routes.serve(contract.enableTotp, async ({ context, caller, body }) => ({
    recovery_codes: await enableTotp(context, accountHolderOf(caller), body.totp),
  }));
  routes.serve(contract.disableTotp, async ({ context, caller, body }) => {
    await disableTotp(context, accountHolderOf(caller), body);
  });
  routes.serve(contract.renewRecoveryCodes, async ({ context, caller, body }) => ({
    recovery_codes: await renewRecoveryCodes(context, accountHolderOf(caller), body),
  }));
}

function registerPasskeySignIn(routes: Routes, accessTokens: AccessTokens): void {
  routes.serve(contract.getSignInMethods, async ({ context, query }) => ({
    methods: await getSignInMethods(context),
    own_way: await findOwnWay(context, query.login),
  }));
  routes.serve(passkeys.beginPasskeySignIn, async ({ context }) => ({
    options: await beginPasskeySignIn(context),
  }));
  routes.serve(passkeys.signInWithPasskey, async ({ context, body, reply }) => {
    const tokens = await signInWithPasskey(context, accessTokens, body.credential);
    setSessionCookies(reply, context.config, tokens);
    return presentSession(tokens);
  });
}

function registerPasskeys(routes: Routes): void {
  routes.serve(passkeys.listPasskeys, async ({ context, caller }) => {
    const own = await listPasskeys(context, accountHolderOf(caller).userId);
    return { data: own.map(presentPasskey), next_cursor: null };
  });
  routes.serve(passkeys.beginPasskey, async ({ context, caller, body }) => ({
    options: await beginPasskey(context, accountHolderOf(caller), body),
  }));
  routes.serve(passkeys.createPasskey, async ({ context, caller, body }) =>
    presentPasskey(await createPasskey(context, accountHolderOf(caller), body)),
  );
  routes.serve(passkeys.renamePasskey, async ({ context, caller, params, body }) => {
    const { userId } = accountHolderOf(caller);
    return presentPasskey(await renamePasskey(context, { ...params, ...body, userId }));
  });
  routes.serve(passkeys.removePasskey, async ({ context, caller, params }) => {
    await removePasskey(context, { id: params.id, userId: accountHolderOf(caller).userId });
  });
}

function registerOwnSessions(routes: Routes): void {
  routes.serve(contract.listMySessions, async ({ context, caller }) => {
    const person = accountHolderOf(caller);
    const sessions = await listMySessions(context, person);
    return {
      data: sessions.map((session) => presentOwnSession(session, person.sessionId)),
      next_cursor: null,
    };
  });
  routes.serve(contract.endMySession, async ({ context, caller, params }) => {
    await endMySession(context, accountHolderOf(caller), params.id);
  });
  routes.serve(contract.endOtherSessions, async ({ context, caller }) => ({
    ended: await endOtherSessions(context, accountHolderOf(caller)),
  }));
}

function registerEmailAndPassword(routes: Routes): void {
  routes.serve(contract.changePassword, async ({ context, caller, body }) => {
    await changePassword(context, accountHolderOf(caller), {
      oldPassword: body.old_password,
      totp: body.totp,
      password: body.password,
    });
  });
  routes.serve(contract.changeEmail, async ({ context, caller, body }) => {
    const { email, ...proof } = body;
    await changeEmail(context, accountHolderOf(caller), { email, proof });
  });
  routes.serve(contract.confirmEmail, async ({ context, body }) => {
    await countLink(context);
    return { user: presentUser(await confirmEmail(context, body.token)) };
  });
  routes.serve(contract.undoEmail, async ({ context, body }) => {
    await countLink(context);
    return { user: presentUser(await undoEmail(context, body.token)) };
  });
}

function registerPersonalData(routes: Routes, offers: readonly PersonalData[]): void {
  routes.serve(contract.exportMe, async ({ context, caller, reply }) => {
    const pieces = await exportMe(context, accountHolderOf(caller).userId, offers);
    const day = context.clocks.wall().toISOString().slice(0, 10);
    await reply
      .header('content-type', 'application/zip')
      .header('content-disposition', `attachment; filename="my-data-${day}.zip"`)
      .header('cache-control', 'private, no-store')
      .send(Readable.from(pieces, { objectMode: false }));
  });
  routes.serve(contract.deleteMe, async ({ context, caller, body, reply }) => {
    await deleteMe(context, accountHolderOf(caller), { proof: body, offers });
    clearSessionCookies(reply, context.config);
  });
  routes.serve(operating.deleteUser, ({ context, params, body }) =>
    deleteUser(context, { id: params.id, reason: body.reason, offers }),
  );
}
