import { Alert, Form, Input } from 'antd';
import { useTranslations } from 'use-intl';
import { useChange } from '../../api/use-call.ts';
import { Refused } from '../../features/errors/Failure.tsx';
import { useFormRefusal } from '../../features/errors/form-refusal.ts';
import { AllowedButton } from '../../features/session/AllowedButton.tsx';
import { useSession } from '../../features/session/session.ts';
import { Facts } from '../../ui/Facts.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { type Proof, ProveAgain, wantsProof } from './ProveAgain.tsx';
import { useSecurity } from './security.ts';

/** Another mail address; the account keeps its own until the link that is mailed there is opened. */
export function EmailPanel() {
  const t = useTranslations('security.email');
  const tAll = useTranslations('security');
  const { email } = useSession().user;
  const waiting = useSecurity().data?.new_email;
  const [form] = Form.useForm<{ email: string }>();
  const change = useChange('changeEmail', { refreshes: ['getMySecurity'] });
  const asksProof = wantsProof(change.error);
  const refusal = useFormRefusal(form, asksProof ? null : change.error);
  const submit = (proof: Proof = {}) =>
    change.mutate({ body: { email: form.getFieldValue('email'), ...proof } });
  return (
    <Panel title={t('title')} note={t('note')}>
      <Facts items={[{ label: t('now'), value: email }]} />
      {change.isSuccess && (
        <Alert type="success" showIcon title={t('sent', { email: change.variables.body.email })} />
      )}
      {waiting && !change.isSuccess && (
        <Alert type="info" showIcon title={t('waiting', { email: waiting })} />
      )}
      <Refused error={refusal} />
      <Form name="email-change" form={form} layout="vertical" onFinish={() => submit()}>
        <Form.Item
          name="email"
          label={t('next')}
          rules={[{ required: true, message: tAll('required') }]}
        >
          <Input type="email" autoComplete="email" />
        </Form.Item>
        <AllowedButton operation="changeEmail" htmlType="submit" loading={change.isPending}>
          {t('change')}
        </AllowedButton>
      </Form>
      {asksProof && (
        <ProveAgain
          error={change.error}
          isPending={change.isPending}
          onProof={submit}
          onCancel={change.reset}
        />
      )}
    </Panel>
  );
}
