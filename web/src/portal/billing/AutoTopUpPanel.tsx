import { useQuery } from '@tanstack/react-query';
import { Alert, App, Checkbox, Form, Input, Select } from 'antd';
import { useTranslations } from 'use-intl';
import type { Answer } from '../../api/call.ts';
import { reading, useChange } from '../../api/use-call.ts';
import { Failure, Refused } from '../../features/errors/Failure.tsx';
import { ButtonLink } from '../../features/navigation/ButtonLink.tsx';
import { AllowedButton } from '../../features/session/AllowedButton.tsx';
import { useRefusalOf } from '../../features/session/allowed.ts';
import { paths } from '../../paths.ts';
import { Amount } from '../../ui/Amount.tsx';
import { decimalsOf } from '../../ui/amount-text.ts';
import { Loading } from '../../ui/Loading.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { When } from '../../ui/When.tsx';

type AutoTopUp = Answer<'getAutoTopUp'>;
type Method = Answer<'listPaymentMethods'>['data'][number];

interface Fields {
  enabled: boolean;
  below: string;
  amount: string;
  monthly_limit: string;
  payment_method: string;
}

/** A wallet that refills itself from a stored method; only for those who pay. */
export function AutoTopUpPanel() {
  const t = useTranslations('autoTopUp');
  const isAllowed = !useRefusalOf()('getAutoTopUp');
  const rule = useQuery({ ...reading('getAutoTopUp'), enabled: isAllowed });
  const methods = useQuery({ ...reading('listPaymentMethods'), enabled: isAllowed });
  const error = rule.error ?? methods.error;
  if (!isAllowed) return null;
  return (
    <Panel title={t('title')} note={t('note')}>
      {error && (
        <Failure
          error={error}
          onRetry={() => {
            void rule.refetch();
            void methods.refetch();
          }}
        />
      )}
      {!error && !(rule.data && methods.data) && <Loading rows={4} />}
      {rule.data && methods.data && <Body rule={rule.data} methods={methods.data.data} />}
    </Panel>
  );
}

function Body({ rule, methods }: { rule: AutoTopUp; methods: readonly Method[] }) {
  const t = useTranslations('autoTopUp');
  if (methods.length === 0) {
    return (
      <>
        <Standing rule={rule} />
        <p>{t('needsMethod')}</p>
        <div className="actions">
          <ButtonLink to={paths.paymentMethods}>{t('toMethods')}</ButtonLink>
        </div>
      </>
    );
  }
  return (
    <>
      <Standing rule={rule} />
      <RuleForm key={rule.switched_off?.at} rule={rule} methods={methods} />
    </>
  );
}

/** Why it is off, what is under way, and what the month came to. */
function Standing({ rule }: { rule: AutoTopUp }) {
  const t = useTranslations();
  const { switched_off: off, currency, this_month: month, monthly_limit: limit } = rule;
  return (
    <>
      {off && (
        <Alert
          type="error"
          showIcon
          title={t.rich('autoTopUp.switchedOff', { when: () => <When at={off.at} /> })}
          description={`${t(`declines.${off.reason}.reason`)} ${t(`declines.${off.reason}.remedy`)}`}
        />
      )}
      {rule.under_way && <Alert type="info" showIcon title={t('autoTopUp.underWay')} />}
      {rule.limit_reached && <Alert type="warning" showIcon title={t('autoTopUp.limitReached')} />}
      {limit !== null && (
        <p>
          {t.rich('autoTopUp.thisMonth', {
            sum: () => <Amount value={month} currency={currency} isExact />,
            limit: () => <Amount value={limit} currency={currency} isExact />,
          })}
        </p>
      )}
    </>
  );
}

function RuleForm({ rule, methods }: { rule: AutoTopUp; methods: readonly Method[] }) {
  const t = useTranslations('autoTopUp');
  const tUi = useTranslations('ui');
  const { message } = App.useApp();
  const { currency } = rule;
  const save = useChange('setAutoTopUp', {
    refreshes: ['getAutoTopUp'],
    onDone: () => void message.success(tUi('saved')),
  });
  const usual = methods.find((method) => method.default) ?? methods[0];
  const kept = methods.find(({ id }) => id === rule.payment_method) ?? usual;
  return (
    <Form<Fields>
      layout="vertical"
      initialValues={{
        enabled: rule.enabled,
        below: rule.below ?? '5.00',
        amount: rule.amount ?? '20.00',
        monthly_limit: rule.monthly_limit ?? '100.00',
        payment_method: kept?.id,
      }}
      onFinish={(body) => save.mutate({ body })}
    >
      <Form.Item name="enabled" valuePropName="checked">
        <Checkbox>{t('enabled')}</Checkbox>
      </Form.Item>
      <div className="fields">
        <AmountField name="below" label={t('below', { currency })} {...{ currency }} mayBeZero />
        <AmountField name="amount" label={t('amount', { currency })} {...{ currency }} />
        <AmountField name="monthly_limit" label={t('limit', { currency })} {...{ currency }} />
      </div>
      <Form.Item name="payment_method" label={t('method')} rules={[{ required: true }]}>
        <Select options={methods.map(({ id, label }) => ({ value: id, label }))} />
      </Form.Item>
      <Refused error={save.error} />
      <AllowedButton
        operation="setAutoTopUp"
        type="primary"
        htmlType="submit"
        loading={save.isPending}
      >
        {tUi('save')}
      </AllowedButton>
    </Form>
  );
}

interface AmountFieldProps {
  name: keyof Fields;
  label: string;
  currency: string;
  mayBeZero?: boolean;
}

function AmountField({ name, label, currency, mayBeZero = false }: AmountFieldProps) {
  const t = useTranslations('billing');
  const digits = decimalsOf(currency);
  const pattern = new RegExp(
    `^${mayBeZero ? '' : '(?=.*[1-9])'}(0|[1-9]\\d*)(\\.\\d{0,${digits}})?$`,
  );
  return (
    <Form.Item
      name={name}
      label={label}
      rules={[{ required: true, pattern, message: t('amountRule') }]}
    >
      <Input inputMode="decimal" autoComplete="off" />
    </Form.Item>
  );
}
