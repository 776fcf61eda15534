/** What is done about a difference. Each way says what it does before it is done. */
import { App, Form, Input, Modal, Radio } from 'antd';
import { useTranslations } from 'use-intl';
import { newIdempotencyKey } from '../../api/idempotency-key.ts';
import { useChange } from '../../api/use-call.ts';
import { Refused } from '../../features/errors/Failure.tsx';
import { useFormRefusal } from '../../features/errors/form-refusal.ts';
import { Amount } from '../../ui/Amount.tsx';
import { Facts } from '../../ui/Facts.tsx';
import type { Item, Reconciliation, Resolution } from './reconciliation.ts';

interface ResolveItemProps {
  day: Reconciliation;
  item: Item;
  onClose: () => void;
}

interface ResolveForm {
  resolution: Resolution;
  note?: string;
}

export function ResolveItem({ day, item, onClose }: ResolveItemProps) {
  const t = useTranslations('console.reconciliations');
  const tUi = useTranslations('ui');
  const { message } = App.useApp();
  const [form] = Form.useForm<ResolveForm>();
  const resolve = useChange('resolveReconciliationItem', {
    refreshes: [
      ...(['listReconciliationItems', 'getReconciliation', 'listReconciliations'] as const),
      ...(['searchPayments', 'listUnapplied'] as const),
    ],
    onDone: ({ resolution }) => {
      if (resolution) void message.success(t(`resolved.${resolution}`));
      onClose();
    },
  });
  const refusal = useFormRefusal(form, resolve.error);
  const submit = ({ resolution, note }: ResolveForm) =>
    resolve.mutate({
      params: { id: day.id, item: item.id },
      body: { resolution, ...(note && { note }) },
      idempotencyKey: newIdempotencyKey(),
    });
  return (
    <Modal
      open
      mask={{ closable: false }}
      title={t('resolveTitle')}
      okText={t('resolve')}
      cancelText={tUi('cancel')}
      okButtonProps={{ loading: resolve.isPending }}
      onOk={() => form.submit()}
      onCancel={onClose}
    >
      <div className="stack">
        <Sides item={item} />
        <Refused error={refusal} />
        <Form form={form} layout="vertical" onFinish={submit}>
          <Form.Item
            name="resolution"
            label={t('how')}
            rules={[{ required: true, message: t('howRule') }]}
          >
            <Radio.Group className="resolutions">
              {item.resolutions.map((resolution) => (
                <Radio key={resolution} value={resolution}>
                  <span className="twofold">
                    {t(`resolutions.${resolution}`)}
                    <small>{t(`resolutionNotes.${resolution}`)}</small>
                  </span>
                </Radio>
              ))}
            </Radio.Group>
          </Form.Item>
          <Form.Item name="note" label={t('reason')} extra={t('reasonNote')}>
            <Input.TextArea rows={2} maxLength={500} />
          </Form.Item>
        </Form>
      </div>
    </Modal>
  );
}

function Sides({ item: { there, here, kind } }: { item: Item }) {
  const t = useTranslations('console.reconciliations');
  const shown = (side: Item['there']) =>
    side === null ? t('nothing') : <Amount value={side.amount} currency={side.currency} isExact />;
  return (
    <Facts
      items={[
        { label: t('kind'), value: t(`kinds.${kind}`) },
        { label: t('there'), value: shown(there) },
        { label: t('here'), value: shown(here) },
      ]}
    />
  );
}
