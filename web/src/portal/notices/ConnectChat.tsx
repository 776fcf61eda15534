import { Form, Input, Modal, Select } from 'antd';
import { useTranslations } from 'use-intl';
import { useChange } from '../../api/use-call.ts';
import { Refused } from '../../features/errors/Failure.tsx';
import { usePreferences } from '../../features/preferences/PreferencesProvider.tsx';
import { type Language, languageNames, languages } from '../../i18n/language.ts';

interface Fields {
  name: string;
  locale: Language;
  robot?: string;
}

interface ConnectChatProps {
  channel: 'telegram' | 'wecom';
  onClose: () => void;
}

export function ConnectChat({ channel, onClose }: ConnectChatProps) {
  const t = useTranslations('notices.chats');
  const tUi = useTranslations('ui');
  const { language } = usePreferences();
  const [form] = Form.useForm<Fields>();
  const connect = useChange('createNoticeDestination', {
    refreshes: ['listNoticeDestinations'],
    onDone: onClose,
  });
  const submit = ({ name, locale, robot = '' }: Fields) =>
    connect.mutate({
      body: channel === 'wecom' ? { channel, name, locale, robot } : { channel, name, locale },
    });
  return (
    <Modal
      open
      closable={false}
      title={t(channel === 'wecom' ? 'connectWecom' : 'connectTelegram')}
      okText={t('connect')}
      cancelText={tUi('cancel')}
      okButtonProps={{ loading: connect.isPending }}
      onOk={() => form.submit()}
      onCancel={onClose}
    >
      <Refused error={connect.error} />
      <Form form={form} layout="vertical" initialValues={{ locale: language }} onFinish={submit}>
        <Form.Item name="name" label={t('name')} rules={[{ required: true }]}>
          <Input maxLength={100} />
        </Form.Item>
        <Form.Item name="locale" label={t('language')}>
          <Select options={languages.map((value) => ({ value, label: languageNames[value] }))} />
        </Form.Item>
        {channel === 'wecom' && (
          <Form.Item
            name="robot"
            label={t('robot')}
            extra={t('robotNote')}
            rules={[{ required: true }]}
          >
            <Input autoComplete="off" maxLength={300} />
          </Form.Item>
        )}
      </Form>
    </Modal>
  );
}
