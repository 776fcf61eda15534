import { Form, Input, Modal, QRCode } from 'antd';
import { useEffect, useRef } from 'react';
import { useTranslations } from 'use-intl';
import type { Answer } from '../../api/call.ts';
import { useChange } from '../../api/use-call.ts';
import { Refused } from '../../features/errors/Failure.tsx';
import { useFormRefusal } from '../../features/errors/form-refusal.ts';
import { CopyButton } from '../../ui/CopyButton.tsx';
import { Loading } from '../../ui/Loading.tsx';
import { ProveAgain, wantsProof } from './ProveAgain.tsx';
import { RecoveryCodes } from './RecoveryCodes.tsx';

/** The app reads the secret, a first code proves that it did, and the recovery codes are shown once. */
export function SetUpTotp({ onClose }: { onClose: () => void }) {
  const t = useTranslations('security.totp');
  const tUi = useTranslations('ui');
  const setup = useChange('setupTotp');
  const isAsked = useRef(false);
  const { mutate } = setup;
  useEffect(() => {
    if (isAsked.current) return;
    isAsked.current = true;
    mutate({ body: {} });
  }, [mutate]);
  if (wantsProof(setup.error)) {
    return (
      <ProveAgain
        error={setup.error}
        isPending={setup.isPending}
        onProof={(proof) => mutate({ body: proof })}
        onCancel={onClose}
      />
    );
  }
  if (setup.data) return <FirstCode offered={setup.data} onClose={onClose} />;
  return (
    <Modal
      open
      title={t('setUpTitle')}
      cancelText={tUi('cancel')}
      okButtonProps={{ hidden: true }}
      onCancel={onClose}
    >
      {setup.error ? <Refused error={setup.error} /> : <Loading rows={6} />}
    </Modal>
  );
}

function FirstCode({ offered, onClose }: { offered: Answer<'setupTotp'>; onClose: () => void }) {
  const t = useTranslations('security.totp');
  const tAll = useTranslations('security');
  const tUi = useTranslations('ui');
  const [form] = Form.useForm<{ totp: string }>();
  const enable = useChange('enableTotp', { refreshes: ['getMySecurity', 'listMySessions'] });
  const refusal = useFormRefusal(form, enable.error);
  if (enable.data) return <RecoveryCodes codes={enable.data.recovery_codes} onClose={onClose} />;
  return (
    <Modal
      open
      title={t('setUpTitle')}
      okText={t('enable')}
      cancelText={tUi('cancel')}
      okButtonProps={{ loading: enable.isPending }}
      onOk={form.submit}
      onCancel={onClose}
    >
      <div className="stack">
        <p>{t('scan')}</p>
        {/* Scanners want dark on light, whatever the page's colors are. */}
        <QRCode
          value={offered.otpauth_url}
          size={192}
          color="#000000"
          bgColor="#ffffff"
          errorLevel="M"
          aria-label={t('picture')}
        />
        <div className="secret">
          <Input.TextArea
            readOnly
            autoSize
            aria-label={t('key')}
            value={offered.secret}
            onFocus={(event) => event.target.select()}
          />
          <CopyButton text={offered.secret} label={t('copyKey')} showLabel />
        </div>
        <Refused error={refusal} />
        <Form
          name="first-code"
          form={form}
          layout="vertical"
          onFinish={(body) => enable.mutate({ body })}
        >
          <Form.Item
            name="totp"
            label={t('firstCode')}
            rules={[{ required: true, message: tAll('required') }]}
          >
            <Input autoComplete="one-time-code" inputMode="numeric" />
          </Form.Item>
        </Form>
      </div>
    </Modal>
  );
}
