import { Form, Input, Modal, Select } from 'antd';
import { useTimeZone, useTranslations } from 'use-intl';
import { useChange } from '../../api/use-call.ts';
import { usePages } from '../../api/use-pages.ts';
import { Refused } from '../../features/errors/Failure.tsx';
import { useFormRefusal } from '../../features/errors/form-refusal.ts';
import { instantIn } from '../../ui/zone-instant.ts';
import { type OfOrganization, termsReads } from './terms.ts';

interface GivePlanForm {
  plan: string;
  /** What clocks of the page's zone will show. */
  ends_at?: string;
}

const offeredMax = 200;

export function GivePlan({ organization, onClose }: OfOrganization & { onClose: () => void }) {
  const t = useTranslations('console.organizationPlan');
  const tUi = useTranslations('ui');
  const timeZone = useTimeZone() ?? 'UTC';
  const [form] = Form.useForm<GivePlanForm>();
  const plans = usePages('searchPlans', { query: { status: 'active', limit: offeredMax } });
  const give = useChange('givePlan', { refreshes: termsReads, onDone: onClose });
  const refusal = useFormRefusal(form, give.error);
  const submit = ({ plan, ends_at }: GivePlanForm) =>
    give.mutate({
      params: { id: organization.id },
      body: { plan, ends_at: ends_at ? instantIn(timeZone, ends_at) : null },
    });
  return (
    <Modal
      open
      mask={{ closable: false }}
      title={t('giveTitle', { organization: organization.name })}
      okText={t('give')}
      cancelText={tUi('cancel')}
      okButtonProps={{ loading: give.isPending }}
      onOk={() => form.submit()}
      onCancel={onClose}
    >
      <div className="stack">
        <p>{t('giveNote')}</p>
        <Refused error={refusal} />
        <Form form={form} layout="vertical" onFinish={submit}>
          <Form.Item
            name="plan"
            label={t('plan')}
            rules={[{ required: true, message: t('planRule') }]}
          >
            <Select
              showSearch={{ optionFilterProp: 'label' }}
              loading={!plans.rows && !plans.error}
              options={
                plans.rows?.map(({ slug, name }) => ({
                  value: slug,
                  label: `${name} (${slug})`,
                })) ?? []
              }
            />
          </Form.Item>
          <Form.Item name="ends_at" label={t('ends')} extra={t('endsNote', { timeZone })}>
            <Input type="datetime-local" />
          </Form.Item>
        </Form>
      </div>
    </Modal>
  );
}
