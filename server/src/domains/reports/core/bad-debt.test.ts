import { expect, it } from 'vitest';
import { type PaymentHistory, type WarningReason, warn } from './bad-debt.ts';

const sound: PaymentHistory = {
  ...{ isOverdue: false, chargesFailed: 0n, methodExpires: null, renewsIn: '2026-03' },
  ...{ late: 0n, givenUp: 0n, shortfall: 0n, isOwing: true },
};

it.each<[string, Partial<PaymentHistory>, WarningReason[]]>([
  ['nothing speaks against', {}, []],
  ['something is overdue', { isOverdue: true }, ['overdue']],
  ['charges fail', { chargesFailed: 1n }, ['charges_fail']],
  ['the card ends in the month before', { methodExpires: '2026-02' }, ['method_expires']],
  ['the card ends with the month itself', { methodExpires: '2026-03' }, []],
  ['one invoice was late', { late: 1n }, []],
  ['two invoices were late', { late: 2n }, ['pays_late']],
  ['one was given up', { late: 1n, givenUp: 1n }, ['written_off_before']],
  ['calls are owed', { shortfall: 1n, isOwing: false }, ['owes_for_calls']],
  ['nothing is to be paid any more', { late: 5n, chargesFailed: 2n, isOwing: false }, []],
])('where %s', (_when, changes, reasons) => {
  expect(warn({ ...sound, ...changes })).toEqual(reasons);
});
