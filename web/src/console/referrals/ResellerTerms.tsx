import { App, Form, Input, InputNumber } from 'antd';
import { useTranslations } from 'use-intl';
import { useChange } from '../../api/use-call.ts';
import { FormDrawer } from '../forms/FormDrawer.tsx';
import type { Reseller } from './ResellersTab.tsx';

interface TermsForm {
  organization: string;
  share: string;
  months: number;
  waiting_days: number;
}

const usual = { share: '0.1', months: 12, waiting_days: 30 };
const sharePattern = /^0\.\d{1,6}$/;

interface ResellerTermsProps {
  /** Undefined: an organization that is none yet. */
  reseller: Reseller | undefined;
  onClose: () => void;
}

/** The form of a reseller's terms. */
export function ResellerTerms({ reseller, onClose }: ResellerTermsProps) {
  const t = useTranslations('console.referrals');
  const tUi = useTranslations('ui');
  const { message } = App.useApp();
  const [form] = Form.useForm<TermsForm>();
  const save = useChange('setReseller', {
    refreshes: ['searchResellers'],
    onDone: () => {
      void message.success(t('saved'));
      onClose();
    },
  });
  return (
    <FormDrawer
      title={reseller ? t('changeTerms') : t('makeReseller')}
      operation="setReseller"
      submitLabel={tUi('save')}
      form={form}
      initialValues={reseller ?? usual}
      error={save.error}
      isPending={save.isPending}
      onSubmit={({ organization, share, months, waiting_days }) =>
        save.mutate({ params: { id: organization }, body: { share, months, waiting_days } })
      }
      onClose={onClose}
    >
      <Fields isNew={!reseller} />
    </FormDrawer>
  );
}

function Fields({ isNew }: { isNew: boolean }) {
  const t = useTranslations('console.referrals');
  const tRisk = useTranslations('console.risk');
  const number = (max: number) => [
    { required: true, message: tRisk('numberRule', { min: '1', max: String(max) }) },
  ];
  return (
    <>
      <Form.Item
        name="organization"
        label={t('organization')}
        extra={isNew && t('organizationNote')}
        rules={[{ required: true, whitespace: true, message: t('organizationRule') }]}
      >
        <Input autoComplete="off" disabled={!isNew} />
      </Form.Item>
      <Form.Item
        name="share"
        label={t('share')}
        extra={t('shareNote')}
        rules={[{ required: true, pattern: sharePattern, message: t('shareRule') }]}
      >
        <Input inputMode="decimal" autoComplete="off" />
      </Form.Item>
      <Form.Item name="months" label={t('months')} rules={number(120)}>
        <InputNumber min={1} max={120} precision={0} className="full" />
      </Form.Item>
      <Form.Item
        name="waiting_days"
        label={t('waitingDays')}
        extra={t('waitingDaysNote')}
        rules={number(365)}
      >
        <InputNumber min={1} max={365} precision={0} className="full" />
      </Form.Item>
      <p className="soft">{t('termsNote')}</p>
    </>
  );
}
