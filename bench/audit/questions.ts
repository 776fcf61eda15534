/** What people ask the log, in every scope: common and rare filters, alone and together, and pages behind the first. */
import type { AuditQuestion } from '../../server/src/domains/audit/index.ts';
import { idAt } from '../../server/src/platform/ids.ts';
import { addDuration } from '../../server/src/platform/time.ts';
import { large, middle, small } from './world.ts';

export interface Question {
  name: string;
  filter(round: number): AuditQuestion & { before?: string };
}

const now = new Date();
const ago = (duration: string) => addDuration(now, `-${duration}`) ?? now;
const longAgo = { before: idAt('aud', ago('P14M')) };
const inAWeek = { from: ago('P8M7D'), to: ago('P8M') };

interface Scope {
  name: string;
  organization(round: number): string | undefined;
  actor(round: number): string;
}

const scopes: Scope[] = [
  { name: 'large', organization: () => large, actor: (round) => `usr_large_${(round * 37) % 400}` },
  { name: 'middle', organization: middle, actor: (round) => `usr_${middle(round)}_${round % 6}` },
  { name: 'small', organization: small, actor: (round) => `usr_${small(round)}_${round % 6}` },
  {
    name: 'all',
    organization: () => undefined,
    actor: (round) => `usr_large_${(round * 37) % 400}`,
  },
];

const ipOf = (round: number) => `10.${round % 4}.${round % 64}.${(round * 7) % 250}`;

const filters: Record<
  string,
  (scope: Scope, round: number) => AuditQuestion & { before?: string }
> = {
  none: () => ({}),
  'page of 14 months ago': () => longAgo,
  'a week': () => inAWeek,
  actor: (scope, round) => ({ actor: scope.actor(round) }),
  'actor, 14 months ago': (scope, round) => ({ actor: scope.actor(round), ...longAgo }),
  'kind of actor': () => ({ actor: 'api_key' }),
  'common action': () => ({ action: 'session.create' }),
  'rare action': () => ({ action: 'payment.erase' }),
  noun: () => ({ action: 'invoice' }),
  'rare noun': () => ({ action: 'tax_rate' }),
  record: (_scope, round) => ({ resource: `payment_${round * 80_111}` }),
  'kind of record': () => ({ resource: 'package' }),
  ip: (_scope, round) => ({ ip: ipOf(round) }),
  request: (_scope, round) => ({ id: `req_${round * 240_007}` }),
  'actor and common action': (scope, round) => ({
    actor: scope.actor(round),
    action: 'session.create',
  }),
  'actor and rare action': (scope, round) => ({
    actor: scope.actor(round),
    action: 'payment.erase',
  }),
  'ip and kind of record': (_scope, round) => ({ ip: ipOf(round), resource: 'invoice' }),
  'action in a week': () => ({ action: 'api_key.revoke', ...inAWeek }),
  'nothing that there is': () => ({ action: 'nothing.there', actor: 'user' }),
};

export const questions: readonly Question[] = scopes.flatMap((scope) =>
  Object.entries(filters).map(([name, filter]) => ({
    name: `${scope.name}: ${name}`,
    filter: (round: number) => ({
      ...filter(scope, round),
      organizationId: scope.organization(round),
    }),
  })),
);
