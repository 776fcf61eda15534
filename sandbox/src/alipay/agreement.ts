/** Agreements by which a payer is charged without being there (周期扣款). */
import { randomBytes } from 'node:crypto';
import type { Clock } from '../steering/clock.ts';
import type { Journal } from '../storage/journal.ts';
import { type Account, drawDigits } from './account.ts';
import { beijingTime } from './beijing.ts';
import { buyer, type News } from './news.ts';
import type { Fields } from './signature.ts';
import type { Outcome } from './trade.ts';

export interface Agreement {
  /** The merchant's number for it. */
  id: string;
  page: string;
  agreement_no: string;
  personal_product_code: string;
  sign_scene: string;
  /** The most that one charge may be, in yuan. */
  single_amount: string;
  status: 'TEMP' | 'NORMAL' | 'STOP';
  notify_url: string;
  return_url: string;
  created_at: string;
  signed_at: string | null;
}

export interface AgreementTerms {
  personal_product_code: string;
  sign_scene: string;
  external_agreement_no: string;
  single_amount: string;
}

export interface AgreementBookParts {
  account: Account;
  clock: Clock;
  journal: Journal<Agreement>;
  news: News;
}

export type AgreementBook = ReturnType<typeof openAgreementBook>;

export function openAgreementBook({ account, clock, journal, news }: AgreementBookParts) {
  /** The same number twice is one agreement. */
  function open(
    terms: AgreementTerms,
    urls: { notify_url: string; return_url: string },
  ): Agreement {
    const known = journal.get(terms.external_agreement_no);
    if (known) return known;
    const { external_agreement_no: id, ...rest } = terms;
    const agreement: Agreement = {
      ...{ id, ...rest, ...urls, status: 'TEMP' },
      page: randomBytes(24).toString('base64url'),
      agreement_no: `2026${drawDigits(16)}`,
      created_at: clock.now().toISOString(),
      signed_at: null,
    };
    journal.put(agreement);
    return agreement;
  }

  /** What the payer did on the page; an agreement that is over stays over. */
  async function decide(agreement: Agreement, outcome: Outcome): Promise<void> {
    if (agreement.status !== 'TEMP') return;
    if (outcome === 'declined') journal.put(Object.assign(agreement, { status: 'STOP' }));
    if (outcome !== 'paid') return;
    const signedAt = clock.now().toISOString();
    journal.put(Object.assign(agreement, { status: 'NORMAL', signed_at: signedAt }));
    await tell(agreement, 'dut_user_sign');
  }

  /** By the merchant or by the payer; false where there is nothing to end. */
  async function end(agreement: Agreement | undefined): Promise<boolean> {
    if (agreement?.status !== 'NORMAL') return false;
    journal.put(Object.assign(agreement, { status: 'STOP' }));
    await tell(agreement, 'dut_user_unsign');
    return true;
  }

  function tell(agreement: Agreement, type: 'dut_user_sign' | 'dut_user_unsign'): Promise<void> {
    return news.tell(agreement.id, agreement.notify_url, newsOf(agreement, type, account));
  }

  return {
    open,
    decide,
    end,
    find: (id: string) => journal.get(id),
    findByPage: (page: string) => journal.all().find((each) => each.page === page),
    findByNumber: (no: string) => journal.all().find(({ agreement_no }) => agreement_no === no),
    newestFirst: () => journal.all().reverse(),
  };
}

function newsOf(agreement: Agreement, type: string, account: Account): Fields {
  return {
    notify_type: type,
    charset: 'utf-8',
    version: '1.0',
    app_id: account.appId,
    auth_app_id: account.appId,
    alipay_user_id: buyer.id,
    alipay_logon_id: buyer.logon,
    agreement_no: agreement.agreement_no,
    external_agreement_no: agreement.id,
    personal_product_code: agreement.personal_product_code,
    sign_scene: agreement.sign_scene,
    status: type === 'dut_user_sign' ? 'NORMAL' : 'UNSIGN',
    sign_time: beijingTime(new Date(agreement.signed_at ?? agreement.created_at)),
  };
}

/** What Alipay answers about it. */
export function describeAgreement(agreement: Agreement): Fields {
  return {
    agreement_no: agreement.agreement_no,
    external_agreement_no: agreement.id,
    personal_product_code: agreement.personal_product_code,
    sign_scene: agreement.sign_scene,
    status: agreement.status,
    alipay_logon_id: buyer.logon,
    principal_id: buyer.id,
    principal_type: 'CARD',
    ...(agreement.signed_at ? { sign_time: beijingTime(new Date(agreement.signed_at)) } : {}),
  };
}
