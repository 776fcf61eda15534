/** What a payer is asked to sign, as merchants send it; and what the gateway says of agreements. */
import { isRecord } from '../http/exchange.ts';
import { type AgreementTerms, describeAgreement } from './agreement.ts';
import { refusal, type Said, success } from './answer.ts';
import type { Desk } from './desk.ts';
import { parseFen } from './money.ts';
import type { GatewayCall } from './request.ts';
import { yuan } from './trade.ts';

const firstDayForm = /^\d{4}-\d{2}-(0[1-9]|1\d|2[0-8])$/;
const daysMin = 7;

/** Undefined where nothing is to be signed. */
export function readSigning(value: unknown): AgreementTerms | undefined | 'invalid' {
  if (value === undefined) return undefined;
  if (!isRecord(value) || !isRecord(value.period_rule_params) || !isRecord(value.access_params)) {
    return 'invalid';
  }
  const { personal_product_code, sign_scene, external_agreement_no } = value;
  const { period_type, period, execute_time, single_amount } = value.period_rule_params;
  const isRhythm =
    Number.isInteger(period) &&
    (period_type === 'MONTH' || (period_type === 'DAY' && Number(period) >= daysMin));
  const fen = parseFen(single_amount);
  const isNamed =
    personal_product_code === 'CYCLE_PAY_AUTH_P' &&
    typeof sign_scene === 'string' &&
    typeof external_agreement_no === 'string' &&
    /^[0-9A-Za-z]{1,32}$/.test(external_agreement_no);
  if (!isNamed || !isRhythm || fen === undefined) return 'invalid';
  if (typeof execute_time !== 'string' || !firstDayForm.test(execute_time)) return 'invalid';
  return { personal_product_code, sign_scene, external_agreement_no, single_amount: yuan(fen) };
}

export function queryAgreement(desk: Desk, { biz }: GatewayCall): Said {
  // Its own number is enough; ours is one of a product and a scene.
  const isByNumber = biz.agreement_no !== undefined;
  const agreement = isByNumber
    ? desk.agreements.findByNumber(String(biz.agreement_no))
    : desk.agreements.find(String(biz.external_agreement_no));
  const isIt =
    isByNumber ||
    (agreement?.personal_product_code === biz.personal_product_code &&
      agreement?.sign_scene === biz.sign_scene);
  return agreement && isIt
    ? success(describeAgreement(agreement))
    : refusal('USER_AGREEMENT_NOT_EXIST', '用户协议不存在');
}

export async function endAgreement(desk: Desk, { biz }: GatewayCall): Promise<Said> {
  const isEnded = await desk.agreements.end(desk.agreements.findByNumber(String(biz.agreement_no)));
  return isEnded ? success() : refusal('USER_AGREEMENT_NOT_EXIST', '用户协议不存在');
}
