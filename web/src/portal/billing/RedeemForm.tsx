import { Alert, Form, Input } from 'antd';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import type { Answer } from '../../api/call.ts';
import { newIdempotencyKey } from '../../api/idempotency-key.ts';
import { useChange } from '../../api/use-call.ts';
import { Refused } from '../../features/errors/Failure.tsx';
import { useFormRefusal } from '../../features/errors/form-refusal.ts';
import { ButtonLink } from '../../features/navigation/ButtonLink.tsx';
import { AllowedButton } from '../../features/session/AllowedButton.tsx';
import { WithWords } from '../../features/words/WithWords.tsx';
import { redeemWords } from '../../i18n/messages.ts';
import { paths } from '../../paths.ts';
import { useAmountText } from '../../ui/Amount.tsx';
import { When } from '../../ui/When.tsx';

type Redeemed = Answer<'redeemCode'>;

const refreshes = ['getWallet', 'listWalletTransactions'] as const;

/** Takes a code: one for credit is redeemed, of a coupon it is said what it is for. */
export function RedeemForm() {
  return (
    <WithWords words={redeemWords}>
      <Redeem />
    </WithWords>
  );
}

function Redeem() {
  const t = useTranslations('redeem');
  const [form] = Form.useForm<{ code: string }>();
  const [idempotencyKey, setIdempotencyKey] = useState(newIdempotencyKey);
  const redeem = useChange('redeemCode', {
    refreshes,
    onDone: () => {
      form.resetFields();
      setIdempotencyKey(newIdempotencyKey());
    },
  });
  const refusal = useFormRefusal(form, redeem.error);
  return (
    <div className="stack">
      {redeem.data && <Done redeemed={redeem.data} />}
      <Refused error={refusal} />
      <Form
        form={form}
        layout="vertical"
        onFinish={({ code }) => redeem.mutate({ body: { code }, idempotencyKey })}
        onValuesChange={() => setIdempotencyKey(newIdempotencyKey())}
      >
        <Form.Item
          name="code"
          label={t('code')}
          rules={[{ required: true, whitespace: true, message: t('rule') }]}
        >
          <Input
            maxLength={100}
            placeholder="SLC-XXXX-XXXX-XXXX-XXXX-XXXX"
            autoComplete="off"
            spellCheck={false}
          />
        </Form.Item>
        <AllowedButton operation="redeemCode" htmlType="submit" loading={redeem.isPending}>
          {t('submit')}
        </AllowedButton>
      </Form>
    </div>
  );
}

function Done({ redeemed }: { redeemed: Redeemed }) {
  const t = useTranslations('redeem');
  return (
    <Alert
      type="success"
      showIcon
      role="status"
      title={<DoneText redeemed={redeemed} />}
      action={
        redeemed.type === 'coupon' && <ButtonLink to={paths.plans}>{t('toPlans')}</ButtonLink>
      }
    />
  );
}

function DoneText({ redeemed }: { redeemed: Redeemed }) {
  const t = useTranslations('redeem');
  const text = useAmountText();
  if (redeemed.type === 'credit') {
    const amount = text(redeemed.amount, redeemed.currency);
    const until = redeemed.expires_at;
    if (until === null) return t('done', { amount });
    return t.rich('doneUntil', { amount, when: () => <When at={until} /> });
  }
  const { code, percent, amount, currency, plans } = redeemed;
  const off = amount !== null && currency !== null ? text(amount, currency) : `${percent} %`;
  if (plans === null) return t('coupon', { code, off });
  return t('couponPlans', { code, off, plans: plans.join(', ') });
}
