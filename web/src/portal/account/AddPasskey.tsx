import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Alert, Form, Input, Modal } from 'antd';
import { useTranslations } from 'use-intl';
import { ApiError } from '../../api/api-error.ts';
import { call, type Request } from '../../api/call.ts';
import { Refused } from '../../features/errors/Failure.tsx';
import { type Proof, ProveAgain, wantsProof } from './ProveAgain.tsx';

/** Has the browser make a passkey; the library for that comes only now. */
async function addPasskey({ name, proof }: { name: string; proof: Proof }) {
  const { options } = await call('beginPasskey', { body: proof });
  const { startRegistration } = await import('@simplewebauthn/browser');
  type Options = Parameters<typeof startRegistration>[0]['optionsJSON'];
  const credential = await startRegistration({ optionsJSON: options as unknown as Options });
  const body = { name, credential } as unknown as Request<'createPasskey'>['body'];
  return call('createPasskey', { body });
}

export function AddPasskey({ onClose }: { onClose: () => void }) {
  const t = useTranslations('security.passkeys');
  const tAll = useTranslations('security');
  const tUi = useTranslations('ui');
  const client = useQueryClient();
  const [form] = Form.useForm<{ name: string }>();
  const add = useMutation({
    mutationFn: addPasskey,
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: ['listPasskeys'] });
      await client.invalidateQueries({ queryKey: ['getMySecurity'] });
      onClose();
    },
  });
  const submit = (proof: Proof = {}) => add.mutate({ name: form.getFieldValue('name'), proof });
  const asksProof = wantsProof(add.error);
  const isBrowsers = add.error !== null && !(add.error instanceof ApiError);
  return (
    <>
      <Modal
        open
        title={t('addTitle')}
        okText={t('add')}
        cancelText={tUi('cancel')}
        okButtonProps={{ loading: add.isPending }}
        onOk={form.submit}
        onCancel={onClose}
      >
        <div className="stack">
          <p>{t('addNote')}</p>
          {isBrowsers && <Alert type="error" showIcon title={t('failed')} />}
          <Refused error={asksProof || isBrowsers ? null : add.error} />
          <Form name="passkey" form={form} layout="vertical" onFinish={() => submit()}>
            <Form.Item
              name="name"
              label={t('name')}
              rules={[{ required: true, whitespace: true, message: tAll('required') }]}
            >
              <Input maxLength={60} placeholder={t('namePlaceholder')} autoFocus />
            </Form.Item>
          </Form>
        </div>
      </Modal>
      {asksProof && (
        <ProveAgain
          error={add.error}
          isPending={add.isPending}
          onProof={submit}
          onCancel={add.reset}
        />
      )}
    </>
  );
}
