import { Form, Input } from 'antd';
import { useTranslations } from 'use-intl';

interface NumberFieldsProps {
  day: 'issued_on' | 'reversed_on';
  dayLabel: string;
  numberLabel?: string;
}

/** How a fapiao, blue or red, is known to the tax bureau. */
export function NumberFields({ day, dayLabel, numberLabel }: NumberFieldsProps) {
  const t = useTranslations('console.fapiao');
  const tOwn = useTranslations('fapiao');
  return (
    <>
      <Form.Item
        name="number"
        label={numberLabel ?? tOwn('number')}
        normalize={withoutSpaces}
        rules={[{ required: true, pattern: /^\d{8,20}$/, message: t('numberRule') }]}
      >
        <Input inputMode="numeric" maxLength={20} autoComplete="off" />
      </Form.Item>
      <div className="fields">
        <Form.Item
          name="code"
          label={t('code')}
          extra={t('codeNote')}
          normalize={withoutSpaces}
          rules={[{ pattern: /^(\d{10}|\d{12})$/, message: t('codeRule') }]}
        >
          <Input inputMode="numeric" maxLength={12} autoComplete="off" />
        </Form.Item>
        <Form.Item name={day} label={dayLabel} rules={[{ required: true, message: t('dayRule') }]}>
          <Input type="date" />
        </Form.Item>
      </div>
    </>
  );
}

function withoutSpaces(text: string | undefined): string | undefined {
  return text?.replace(/\s/g, '');
}
