import { App, Form, Input, Modal, Select } from 'antd';
import { useTranslations } from 'use-intl';
import { useChange } from '../../api/use-call.ts';
import { usePages } from '../../api/use-pages.ts';
import { Refused } from '../../features/errors/Failure.tsx';
import { useFormRefusal } from '../../features/errors/form-refusal.ts';
import { type Membership, useSession } from '../../features/session/session.ts';

interface Fields {
  member: string;
  proof: string;
}

const codeOfAuthenticator = /^\d{6}$/;

/** Makes another member the owner, once it is sure who asks. */
export function HandOver({
  organization,
  onClose,
}: {
  organization: Membership;
  onClose: () => void;
}) {
  const t = useTranslations('teams.organization');
  const tUi = useTranslations('ui');
  const { message } = App.useApp();
  const { user } = useSession();
  const [form] = Form.useForm<Fields>();
  const members = usePages('listMembers', {
    params: { id: organization.id },
    query: { limit: 200 },
  });
  const transfer = useChange('transferOrganization', {
    refreshes: ['getMe', 'listMembers', 'listRoles'],
    onDone: ({ name, email }) => {
      void message.success(t('transferred', { name: name ?? email }));
      onClose();
    },
  });
  const refusal = useFormRefusal(form, transfer.error);
  const others = members.rows?.filter(({ id }) => id !== user.id) ?? [];
  const submit = ({ member, proof }: Fields) => {
    const shown = codeOfAuthenticator.test(proof) ? { totp: proof } : { password: proof };
    transfer.mutate({ params: { id: organization.id }, body: { member, ...shown } });
  };
  return (
    <Modal
      open
      title={t('transfer')}
      okText={t('transfer')}
      cancelText={tUi('cancel')}
      okButtonProps={{ danger: true, loading: transfer.isPending }}
      onOk={form.submit}
      onCancel={onClose}
    >
      <div className="stack">
        <p>{t('transferNote')}</p>
        <Refused error={refusal ?? members.error} />
        <Form form={form} layout="vertical" onFinish={submit}>
          <Form.Item name="member" label={t('transferTo')} rules={[{ required: true }]}>
            <Select
              showSearch={{ optionFilterProp: 'label' }}
              options={others.map(({ id, name, email }) => ({
                value: id,
                label: name ? `${name} · ${email}` : email,
              }))}
            />
          </Form.Item>
          <Form.Item
            name="proof"
            label={t('transferProof')}
            extra={t('transferProofNote')}
            rules={[{ required: true }]}
          >
            <Input.Password autoComplete="current-password" />
          </Form.Item>
        </Form>
      </div>
    </Modal>
  );
}
