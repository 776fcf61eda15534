/** The tables as the invariants read them: past every operation, so that what is wrong cannot be presented away. */

export interface InvoiceRow {
  id: string;
  number: string | null;
  organization_id: string;
  kind: string;
  reference: string;
  status: string;
  currency: string;
  subtotal_minor: bigint;
  discount_minor: bigint;
  taxes: { rate: string; taxable: string; amount: string }[];
  tax_minor: bigint;
  is_tax_inclusive: boolean;
  tax_treatment: string;
  total_minor: bigint;
  credit_applied_minor: bigint;
  credited_minor: bigint;
  credited_due_minor: bigint;
  issued_at: Date;
  paid_at: Date | null;
}

export interface LineRow {
  invoice_id: string;
  position: number;
  kind: string;
  text: { code: string; params: Record<string, string> };
  exact: { quantity: string; unit: string; amount: string };
  amount_minor: bigint;
  net_minor: bigint;
  tax_rate: string | null;
  period_from: Date | null;
  period_to: Date | null;
}

export interface CreditNoteRow {
  id: string;
  number: string | null;
  organization_id: string;
  invoice_id: string;
  currency: string;
  total_minor: bigint;
  against_due_minor: bigint;
  to_credit_minor: bigint;
  remaining_minor: bigint;
  issued_at: Date;
}

export interface TransferRow {
  organization_id: string;
  debit: string;
  credit: string;
  amount: bigint;
  currency: string;
  kind: string;
}

export interface SubscriptionRow {
  id: string;
  organization_id: string;
  status: string;
  plan_id: string;
  period_from: Date;
  period_to: Date;
  trial_ends_at: Date | null;
  is_suspended: boolean;
  /** A change that is made when its invoice is paid. */
  awaiting: { invoice: string } | null;
  started_at: Date;
  ended_at: Date | null;
}

export interface PlanRow {
  organization_id: string;
  plan_id: string;
  starts_at: Date;
  ends_at: Date;
}

export type Tables = {
  invoicing_invoices: InvoiceRow;
  invoicing_lines: LineRow;
  invoicing_credit_notes: CreditNoteRow;
  invoicing_credit_uses: { invoice_id: string; credit_note_id: string; minor: bigint };
  ledger_transfers: TransferRow;
  subscriptions_subscriptions: SubscriptionRow;
  subscriptions_changes: {
    id: string;
    subscription_id: string;
    kind: string;
    invoice_id: string | null;
    credit_note_id: string | null;
    occurred_at: Date;
  };
  entitlements_plans: PlanRow;
};
