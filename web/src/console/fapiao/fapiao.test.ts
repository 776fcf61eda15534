import { describe, expect, it } from 'vitest';
import { blockOf, type FapiaoAction, statuses, taskOf } from './fapiao.ts';

describe('blockOf', () => {
  const allowed = (action: FapiaoAction) => statuses.filter((status) => !blockOf(status, action));

  it('lets an operator do what the server lets happen', () => {
    expect(allowed('issue')).toEqual(['requested', 'issued']);
    expect(allowed('send')).toEqual(['issued', 'sent']);
    expect(allowed('reject')).toEqual(['requested']);
    expect(allowed('reverse')).toEqual(['issued', 'sent', 'to_be_reversed']);
  });
});

describe('taskOf', () => {
  it('names what waits, and nothing that is done', () => {
    expect(statuses.filter((status) => taskOf(status))).toEqual([
      'requested',
      'issued',
      'to_be_reversed',
    ]);
  });
});
