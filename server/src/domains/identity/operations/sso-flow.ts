/**
 * The way of a browser to an identity provider and back. Its state is known by hash only, belongs to one provider and to
 * the browser that set out, lasts ten minutes, and is answered once.
 */
import { type Context, inTransaction } from '../../../platform/context.ts';
import { newSecret, sha256 } from '../../../platform/crypto.ts';
import { notFound, Refusal } from '../../../platform/errors.ts';
import type { AccessTokens } from '../access-tokens.ts';
import { returnPathOf } from '../core/return-path.ts';
import type { Proof, ProvenPerson, ReturnAnswer } from '../provider.ts';
import { findProvider, type ProviderRow } from '../store/sign-in-providers.ts';
import {
  type FlowRow,
  giveBackPerson,
  insertFlow,
  keepPerson,
  takeAnswer,
  takePerson,
} from '../store/sso-flows.ts';
import { admitPerson } from './admit-person.ts';
import { completeSignIn } from './complete-sign-in.ts';
import { countRequest } from './limit-address.ts';
import { linkPerson } from './link-identity.ts';
import { connectProvider } from './load-sign-in-provider.ts';
import type { SessionTokens } from './open-session.ts';

export const flowMs = 10 * 60_000;

/** Of one address, which a whole company may share. */
const flowsPerHour = 3000;

/**
 * Sets out: answers where to send the browser.
 * @throws Refusal `not_found`, `too_many_requests`, `sso_failed` where the provider cannot be asked.
 */
export async function beginFlow(
  context: Context,
  command: {
    providerId: string;
    /** What the browser's cookie holds. */
    browser: string;
    next: string | undefined;
    linkingUserId: string | null;
  },
): Promise<string> {
  const row = await requireProvider(context, command.providerId);
  await countRequest(context, { subject: `sso:${context.actor.ip}`, perHour: flowsPerHour });
  const state = newSecret('');
  const begun = await connectProvider(context, row).begin(state);
  if (begun.status !== 'begun') throw failed(context, row, begun.problem);
  const now = context.clocks.wall();
  const stateHash = sha256(state);
  await insertFlow(context.database, {
    stateHash,
    providerId: row.id,
    browserHash: sha256(command.browser),
    sealedProof: context.sealer.seal(JSON.stringify(begun.proof), flowPurpose(stateHash, 'proof')),
    returnPath: returnPathOf(command.next, context.config.publicUrl),
    linkingUserId: command.linkingUserId,
    createdAt: now,
    expiresAt: new Date(now.getTime() + flowMs),
  });
  return begun.url;
}

export interface Arrival {
  providerId: string;
  state: string;
  /** Undefined where another site posts the answer: the browser shows its cookie on the next step. */
  browser: string | undefined;
  /** The address that was called, query included. */
  url: URL;
  form?: URLSearchParams;
}

/**
 * Takes the provider's answer and keeps whom it proves until the sign-in is finished.
 * @throws Refusal `sso_failed`.
 */
export async function receiveAnswer(context: Context, arrival: Arrival): Promise<void> {
  const row = await requireProvider(context, arrival.providerId);
  const stateHash = sha256(arrival.state);
  const flow = await takeAnswer(context.database, {
    stateHash,
    providerId: row.id,
    browserHash: arrival.browser === undefined ? undefined : sha256(arrival.browser),
    now: context.clocks.wall(),
  });
  if (!flow) throw lost();
  const answer = await ask(context, row, flow, arrival);
  if (answer.status !== 'proven') throw failed(context, row, answer.problem);
  const sealedPerson = context.sealer.seal(
    JSON.stringify(answer.person),
    flowPurpose(stateHash, 'person'),
  );
  await keepPerson(context.database, { stateHash, sealedPerson });
}

function ask(
  context: Context,
  row: ProviderRow,
  flow: FlowRow,
  { state, url, form }: Arrival,
): Promise<ReturnAnswer> {
  const proof: Proof = JSON.parse(
    context.sealer.open(flow.sealedProof, flowPurpose(flow.stateHash, 'proof')),
  );
  return connectProvider(context, row).receive({ state, proof, url, ...(form ? { form } : {}) });
}

export interface Finish {
  state: string;
  browser: string;
  totp?: string | undefined;
  /** Who is signed in in that browser. */
  userId: string | undefined;
}

export interface Finished {
  /** Undefined where an account was added to somebody who is signed in. */
  tokens: SessionTokens | undefined;
  next: string;
}

/**
 * Signs in whom the provider has proven, or adds it to the account that set out.
 * @throws Refusal `sso_failed`, `totp_required`, `totp_invalid`, `user_suspended`, `link_required`, `already_exists`.
 */
export async function finishFlow(
  context: Context,
  accessTokens: AccessTokens,
  finish: Finish,
): Promise<Finished> {
  const stateHash = sha256(finish.state);
  const flow = await takePerson(context.database, {
    stateHash,
    browserHash: sha256(finish.browser),
    now: context.clocks.wall(),
  });
  if (!flow?.sealedPerson) throw lost();
  const row = await requireProvider(context, flow.providerId);
  const person: ProvenPerson = JSON.parse(
    context.sealer.open(flow.sealedPerson, flowPurpose(stateHash, 'person')),
  );
  if (flow.linkingUserId !== null) {
    // Somebody else may have signed in in this browser meanwhile.
    if (flow.linkingUserId !== finish.userId) throw lost();
    const command = { row, person, userId: flow.linkingUserId };
    await inTransaction(context, (transaction) => linkPerson(context, transaction, command));
    return { tokens: undefined, next: flow.returnPath };
  }
  const user = await admitPerson(context, row, person);
  try {
    const tokens = await completeSignIn(context, accessTokens, user, {
      method: row.kind,
      providerId: row.id,
      // What an organization's own provider says does not stand in for a person's own second factor.
      hasSecondFactor: person.hasSecondFactor && row.organizationId === null,
      totp: finish.totp,
    });
    return { tokens, next: flow.returnPath };
  } catch (error) {
    if (error instanceof Refusal && error.param === 'totp') {
      await giveBackPerson(context.database, stateHash);
    }
    throw error;
  }
}

async function requireProvider(context: Context, id: string): Promise<ProviderRow> {
  const row = await findProvider(context.database, id);
  if (!row?.enabled || row.kind === 'ldap') throw notFound('sign-in provider', 'provider');
  return row;
}

/** Binds a sealed text to its flow and its place there. */
export function flowPurpose(stateHash: string, what: 'proof' | 'person'): string {
  return `identity.sso.${stateHash}.${what}`;
}

function failed(context: Context, row: ProviderRow, problem: string): Refusal {
  context.log.warn({ provider: row.id, problem }, 'a sign-in through a provider failed');
  return new Refusal(
    'sso_failed',
    `${row.name} did not sign you in: try again, or tell whoever runs it.`,
  );
}

function lost(): Refusal {
  return new Refusal(
    'sso_failed',
    'This sign-in was used, is too old, or was begun in another browser: begin again.',
  );
}
