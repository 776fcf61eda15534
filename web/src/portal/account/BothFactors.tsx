import { Form, type FormInstance, Input } from 'antd';
import { useTranslations } from 'use-intl';
import { useSecurity } from './security.ts';

export interface BothFields {
  password?: string;
  totp: string;
}

/** Fields for everything that a person has to show who they are: the password, where there is one, and a code. */
export function BothFactors({
  form,
  onFinish,
}: {
  form: FormInstance<BothFields>;
  onFinish: (fields: BothFields) => void;
}) {
  const t = useTranslations('security');
  const { data } = useSecurity();
  const rules = [{ required: true, message: t('required') }];
  return (
    <Form name="both-factors" form={form} layout="vertical" onFinish={onFinish}>
      {data?.has_password && (
        <Form.Item name="password" label={t('password')} rules={rules}>
          <Input.Password autoComplete="current-password" />
        </Form.Item>
      )}
      <Form.Item name="totp" label={t('code')} rules={rules}>
        <Input autoComplete="one-time-code" />
      </Form.Item>
    </Form>
  );
}
