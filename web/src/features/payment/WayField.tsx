import { Form } from 'antd';
import { useTranslations } from 'use-intl';
import { WayChoice } from './WayChoice.tsx';
import { firstWay, type PayWith, type WayOption, wayKey } from './way.ts';

/** Choice of a way to pay, as a form field named `way`; the first that is open is chosen already. */
export function WayField({ options }: { options: readonly WayOption[] }) {
  const t = useTranslations();
  if (options.length === 0) return <p className="soft">{t('payment.noProviders')}</p>;
  const isOpen = (chosen: PayWith | undefined) =>
    options.some(
      ({ way, blockedBecause }) => !blockedBecause && chosen && wayKey(way) === wayKey(chosen),
    );
  return (
    <Form.Item
      name="way"
      label={t('payment.provider')}
      initialValue={firstWay(options)}
      rules={[
        {
          // What was chosen for another currency may not be on offer for this one.
          validator: (_rule, chosen: PayWith | undefined) =>
            isOpen(chosen) ? Promise.resolve() : Promise.reject(new Error(t('auth.required'))),
        },
      ]}
    >
      <WayChoice options={options} />
    </Form.Item>
  );
}
