/** A fapiao as operators see it, and what its state lets them do. */
import type { Answer } from '../../api/call.ts';

export type Fapiao = Answer<'inspectFapiao'>;
type Status = Fapiao['status'];

export const statuses = [
  'requested',
  'issued',
  'sent',
  'rejected',
  'to_be_reversed',
  'reversed',
] as const satisfies readonly Status[];

export const fapiaoReads = ['searchFapiao', 'inspectFapiao'] as const;

/** What it waits for; undefined where nobody has to do anything. */
export function taskOf(status: Status): 'requested' | 'issued' | 'to_be_reversed' | undefined {
  if (status === 'requested' || status === 'issued' || status === 'to_be_reversed') return status;
  return undefined;
}

export type FapiaoAction = 'issue' | 'send' | 'reject' | 'reverse';
type Block = 'not_requested' | 'sent' | 'not_issued' | 'to_be_reversed' | 'closed';

const closed: Record<FapiaoAction, Block> = {
  issue: 'closed',
  send: 'closed',
  reject: 'closed',
  reverse: 'closed',
};

/** Why something cannot be done; what is left out can. The server has the same table. */
const blocks: Record<Status, Partial<Record<FapiaoAction, Block>>> = {
  requested: { send: 'not_issued', reverse: 'not_issued' },
  issued: { reject: 'not_requested' },
  sent: { issue: 'sent', reject: 'not_requested' },
  to_be_reversed: { issue: 'to_be_reversed', send: 'to_be_reversed', reject: 'not_requested' },
  rejected: closed,
  reversed: closed,
};

export function blockOf(status: Status, action: FapiaoAction): Block | undefined {
  return blocks[status][action];
}
