/**
 * Recurring payments (周期扣款): the payer signs an agreement at Alipay, and is charged by its number after that. Alipay
 * grants a rhythm and a most per charge; a charge outside of them is refused, and the payer is asked to pay it.
 * https://opendocs.alipay.com/open/20190319114403226822/signpay
 */
import { z } from 'zod';
import type {
  ChargeOutcome,
  MethodOutcome,
  Order,
  SavedMethod,
  SetupOutcome,
  StartOutcome,
  StoredMethods,
} from '../../provider.ts';
import { readPaid, refusalIn, successCode, waitingCode } from './answers.ts';
import { declineCodeOf } from './declines.ts';
import type { Gateway, GatewayAnswer } from './gateway.ts';
import { contentOf, findOrder } from './orders.ts';
import { writeBeijingTime } from './time.ts';

export interface AgreementTerms {
  merchant: string;
  scene: string;
  amountMax: string;
  wall(): Date;
}

const personalProduct = 'CYCLE_PAY_AUTH_P';
const chargeProduct = 'CYCLE_PAY_AUTH';
/** Alipay takes no later day of a month. */
const dayOfMonthMax = 28;

const absentCodes = new Set(['USER_AGREEMENT_NOT_EXIST', 'AGREEMENT_NOT_EXIST']);

export function openAgreements(gateway: Gateway, terms: AgreementTerms): StoredMethods {
  return {
    setUp: (order) => signPage(gateway, order, terms),
    findSetup: ({ number }) => findAgreement(gateway, number, terms),
    find: ({ reference }) => findMethod(gateway, reference),
    charge: (order, method) => charge(gateway, { order, method }, terms.merchant),
    async remove({ reference }) {
      const answer = await gateway.call('alipay.user.agreement.unsign', {
        biz: { agreement_no: reference },
      });
      const isDone = answer.kind === 'answered' && answer.code === successCode;
      return isDone || isAbsent(answer) ? 'removed' : 'unknown';
    },
  };
}

/** What the payer is asked to sign; the agreement's number is ours, of the order or of the set-up. */
export function signingOf(number: string, { scene, amountMax, wall }: AgreementTerms) {
  return {
    personal_product_code: personalProduct,
    sign_scene: scene,
    external_agreement_no: number,
    access_params: { channel: 'QRCODE' },
    period_rule_params: {
      period_type: 'MONTH',
      period: 1,
      execute_time: firstDay(wall()),
      single_amount: amountMax,
    },
  };
}

async function signPage(
  gateway: Gateway,
  { number, notifyUrl, returnUrl }: Pick<Order, 'number' | 'notifyUrl' | 'returnUrl'>,
  terms: AgreementTerms,
): Promise<StartOutcome> {
  const biz = { ...signingOf(number, terms), product_code: chargeProduct };
  const url = await gateway.pageUrl('alipay.user.agreement.page.sign', {
    biz,
    notifyUrl,
    returnUrl,
  });
  return url === undefined
    ? { status: 'unknown' }
    : { status: 'pending', next: { type: 'redirect', url } };
}

/** The day in Beijing from which on it may be charged. */
function firstDay(at: Date): string {
  const [date = ''] = writeBeijingTime(at).split(' ');
  const day = Math.min(Number(date.slice(8)), dayOfMonthMax);
  return `${date.slice(0, 8)}${String(day).padStart(2, '0')}`;
}

const Agreement = z.object({
  external_agreement_no: z.string().optional(),
  agreement_no: z.string().regex(/^[\w-]{1,64}$/),
  status: z.string(),
  alipay_logon_id: z.string().max(100).optional(),
});

/** The agreement that was signed under a number of ours. */
export async function findAgreement(
  gateway: Gateway,
  number: string,
  { scene }: AgreementTerms,
): Promise<SetupOutcome> {
  const answer = await gateway.call('alipay.user.agreement.query', {
    biz: {
      personal_product_code: personalProduct,
      sign_scene: scene,
      external_agreement_no: number,
    },
  });
  if (isAbsent(answer)) return { status: 'absent' };
  if (answer.kind !== 'answered' || answer.code !== successCode) return { status: 'unknown' };
  const agreement = Agreement.safeParse(answer.fields).data;
  if (!agreement || (agreement.external_agreement_no ?? number) !== number) {
    return { status: 'unknown' };
  }
  if (agreement.status === 'TEMP') return { status: 'pending' };
  if (agreement.status === 'STOP') return { status: 'declined', code: 'canceled_by_payer' };
  if (agreement.status !== 'NORMAL') return { status: 'unknown' };
  return { status: 'stored', method: methodOf(agreement) };
}

/** How an agreement stands; the payer may end it in Alipay at any time. */
async function findMethod(gateway: Gateway, reference: string): Promise<MethodOutcome> {
  const biz = { agreement_no: reference };
  const answer = await gateway.call('alipay.user.agreement.query', { biz });
  if (isAbsent(answer)) return { status: 'removed' };
  if (answer.kind !== 'answered' || answer.code !== successCode) return { status: 'unknown' };
  const agreement = Agreement.safeParse(answer.fields).data;
  if (agreement?.agreement_no !== reference) return { status: 'unknown' };
  if (agreement.status === 'STOP') return { status: 'removed' };
  if (agreement.status !== 'NORMAL') return { status: 'unknown' };
  return { status: 'stored', method: methodOf(agreement) };
}

function methodOf({ agreement_no, alipay_logon_id = '' }: z.output<typeof Agreement>): SavedMethod {
  return {
    ...{ reference: agreement_no, customer: null, kind: 'agreement' },
    // Alipay masks the name itself; one that it did not mask is not shown.
    label: alipay_logon_id.includes('*') ? `Alipay ${alipay_logon_id}` : 'Alipay',
    expires: null,
  };
}

async function charge(
  gateway: Gateway,
  { order, method }: { order: Order; method: SavedMethod },
  merchant: string,
): Promise<ChargeOutcome> {
  const answer = await gateway.call('alipay.trade.pay', {
    notifyUrl: order.notifyUrl,
    biz: {
      ...contentOf(order),
      product_code: chargeProduct,
      agreement_params: { agreement_no: method.reference },
    },
  });
  const money = readPaid(answer, { number: order.number, merchant });
  if (money) return { status: 'succeeded', money };
  if (answer.kind === 'answered' && answer.code === waitingCode) {
    const { trade_no: reference } = answer.fields;
    return { status: 'processing', reference: String(reference ?? order.number).slice(0, 64) };
  }
  const refusal = refusalIn(answer);
  if (!refusal) return { status: 'unknown' };
  // Charged before, by the same number, when the answer was lost.
  if (refusal.subCode === 'ACQ.TRADE_HAS_SUCCESS') {
    const found = await findOrder(gateway, { number: order.number, reference: null }, merchant);
    if (found.status === 'succeeded') return { status: 'succeeded', money: found.money };
    return { status: 'unknown' };
  }
  return { status: 'declined', code: declineCodeOf(refusal.subCode) };
}

function isAbsent(answer: GatewayAnswer): boolean {
  return absentCodes.has(refusalIn(answer)?.subCode ?? '');
}
