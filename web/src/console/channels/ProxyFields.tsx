import { Checkbox, Form, Input } from 'antd';
import { useTranslations } from 'use-intl';

/** `current` is shown without the name and password that it may have. */
export function ProxyFields({ current }: { current: string | null }) {
  const t = useTranslations('console.channels');
  const note = current === null ? t('proxyNote') : t('proxyKept', { url: current });
  return (
    <>
      <Form.Item
        name="proxy_url"
        label={t('proxy')}
        extra={note}
        rules={[{ pattern: /^(https?|socks5):\/\/\S+$/, message: t('proxyRule') }]}
      >
        <Input inputMode="url" autoComplete="off" placeholder="http://user:password@host:3128" />
      </Form.Item>
      {current !== null && (
        <Form.Item name="removes_proxy" valuePropName="checked">
          <Checkbox>{t('removeProxy')}</Checkbox>
        </Form.Item>
      )}
    </>
  );
}
