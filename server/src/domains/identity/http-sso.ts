/** Signing in through identity providers, and what people and organizations set up about it. */
import { resolveTxt } from 'node:dns/promises';
import * as contract from '@sluice/contract/single-sign-on';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Context } from '../../platform/context.ts';
import { Refusal } from '../../platform/errors.ts';
import type { Routes } from '../../platform/http/routes.ts';
import type { AccessTokens } from './access-tokens.ts';
import { browserOf, readBrowser, setSessionCookies } from './cookies.ts';
import { accountHolderOf } from './http-accounts.ts';
import { actingOf } from './http-teams.ts';
import { linkDirectory, listIdentities, unlinkIdentity } from './operations/link-identity.ts';
import {
  confirmSsoDomain,
  proveSsoDomain,
  readSso,
  testOrganizationSso,
  updateOrganizationSso,
} from './operations/organization-sso.ts';
import { readSamlMetadata } from './operations/read-saml-metadata.ts';
import { beginFlow, finishFlow, receiveAnswer } from './operations/sso-flow.ts';
import { presentIdentity, presentSso } from './present-sso.ts';
import { directoryId } from './store/sign-in-providers.ts';

export function registerSso(routes: Routes, accessTokens: AccessTokens): void {
  registerWay(routes, accessTokens);
  registerIdentities(routes);
  registerOrganizationSso(routes);
}

interface BrowserCall {
  context: Context;
  request: FastifyRequest;
  reply: FastifyReply;
}

function registerWay(routes: Routes, accessTokens: AccessTokens): void {
  routes.serve(contract.startSignIn, (call) =>
    asBrowser(call, () =>
      beginFlow(call.context, {
        providerId: call.params.provider,
        browser: browserOf(call.request, call.reply, call.context.config),
        next: call.query.next,
        linkingUserId: null,
      }),
    ),
  );
  const arrive = async (call: BrowserCall & { userId: string | undefined }, state: string) => {
    const browser = readBrowser(call.request, call.context.config);
    const finish = { state, browser, userId: call.userId };
    const { tokens, next } = await finishFlow(call.context, accessTokens, finish);
    if (tokens) setSessionCookies(call.reply, call.context.config, tokens);
    return next;
  };
  routes.serve(contract.receiveSignIn, (call) =>
    asBrowser(call, async () => {
      const { state = '' } = call.query;
      const browser = readBrowser(call.request, call.context.config);
      const url = addressOf(call);
      await receiveAnswer(call.context, { providerId: call.params.provider, state, browser, url });
      return arrive({ ...parts(call), userId: userIdOf(call.caller) }, state);
    }),
  );
  routes.serveRaw(contract.receiveSamlSignIn, (call) =>
    asBrowser(call, async () => {
      const providerId = call.params.provider;
      const form = new URLSearchParams(String(call.request.body ?? ''));
      const state = form.get('RelayState') ?? '';
      const url = addressOf(call);
      // Browsers keep the cookie back from what another site posts: it is shown on the next step.
      await receiveAnswer(call.context, { providerId, state, browser: undefined, url, form });
      const query = new URLSearchParams({ state });
      return `/api/v1/auth/sso/${encodeURIComponent(providerId)}/arrive?${query}`;
    }),
  );
  routes.serve(contract.arriveSignIn, (call) =>
    asBrowser(call, () =>
      arrive({ ...parts(call), userId: userIdOf(call.caller) }, call.query.state ?? ''),
    ),
  );
  routes.serve(contract.finishSignIn, async ({ context, request, reply, body }) => {
    const browser = readBrowser(request, context.config);
    const finish = { ...body, browser, userId: undefined };
    const { tokens, next } = await finishFlow(context, accessTokens, finish);
    if (tokens) setSessionCookies(reply, context.config, tokens);
    return { next };
  });
  routes.serve(contract.getSamlMetadata, async ({ context, params, reply }) => {
    const metadata = await readSamlMetadata(context, params.provider);
    reply.header('content-type', 'application/samlmetadata+xml; charset=utf-8').send(metadata);
  });
}

/** Sends the browser on: where the work says, or to the sign-in page with what went wrong. */
async function asBrowser(call: BrowserCall, work: () => Promise<string>): Promise<void> {
  const { reply, context } = call;
  reply.header('cache-control', 'no-store');
  try {
    reply.redirect(await work(), 303);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    const state = stateOf(call.request);
    // The provider has proven the person; only their own code is missing.
    const asks = error.code === 'totp_required' && state !== undefined ? { sso: state } : {};
    const query = new URLSearchParams({ ...asks, refused: error.code, request: context.requestId });
    reply.redirect(`/sign-in?${query}`, 303);
  }
}

function stateOf({ query }: FastifyRequest): string | undefined {
  const { state } = query as Record<string, unknown>;
  return typeof state === 'string' ? state : undefined;
}

/** As the provider knows it: what a proxy made of it on the way does not matter. */
function addressOf({ request, context }: BrowserCall): URL {
  return new URL(request.url, context.config.publicUrl);
}

function parts({ context, request, reply }: BrowserCall): BrowserCall {
  return { context, request, reply };
}

function userIdOf(caller: { kind: string; userId?: string }): string | undefined {
  return caller.kind === 'user' ? caller.userId : undefined;
}

function registerIdentities(routes: Routes): void {
  routes.serve(contract.listIdentities, async ({ context, caller }) => {
    const identities = await listIdentities(context, accountHolderOf(caller).userId);
    return { data: identities.map(presentIdentity), next_cursor: null };
  });
  routes.serve(contract.linkIdentity, async ({ context, caller, body, request, reply }) => {
    const { userId } = accountHolderOf(caller);
    if (body.provider === directoryId) {
      const { login = '', password = '' } = body;
      await linkDirectory(context, userId, { login, password });
      return { url: null };
    }
    const url = await beginFlow(context, {
      providerId: body.provider,
      browser: browserOf(request, reply, context.config),
      next: '/account',
      linkingUserId: userId,
    });
    return { url };
  });
  routes.serve(contract.unlinkIdentity, async ({ context, caller, params }) => {
    await unlinkIdentity(context, { id: params.id, userId: accountHolderOf(caller).userId });
  });
}

function registerOrganizationSso(routes: Routes): void {
  routes.serve(contract.getOrganizationSso, async (call) => {
    const { organizationId } = actingOf(call);
    return presentSso(call.context, await readSso(call.context.database, organizationId));
  });
  routes.serve(contract.updateOrganizationSso, async (call) =>
    presentSso(call.context, await updateOrganizationSso(call.context, actingOf(call), call.body)),
  );
  routes.serve(contract.proveSsoDomain, async (call) => {
    const command = { domain: call.params.domain, resolve: resolveTxt };
    return presentSso(call.context, await proveSsoDomain(call.context, actingOf(call), command));
  });
  routes.serve(contract.testOrganizationSso, (call) =>
    testOrganizationSso(call.context, actingOf(call)),
  );
  routes.serve(contract.confirmSsoDomain, async ({ context, params }) => {
    const place = { organizationId: params.id, domain: params.domain };
    return presentSso(context, await confirmSsoDomain(context, place));
  });
}
