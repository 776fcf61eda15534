import { Button, Input, Space } from 'antd';
import { useId, useState } from 'react';
import { useTranslations } from 'use-intl';
import { Refused } from '../../features/errors/Failure.tsx';

interface CouponFieldProps {
  code: string | undefined;
  /** Why the code that is in use cannot be used. */
  error: Error | null;
  onUse: (code: string | undefined) => void;
}

/** A coupon, tried before it is used: the preview shows what it takes off. */
export function CouponField({ code, error, onUse }: CouponFieldProps) {
  const t = useTranslations('subscribe');
  const id = useId();
  const [text, setText] = useState(code ?? '');
  const use = () => onUse(text.trim() || undefined);
  return (
    <div className="stack-tight">
      <label htmlFor={id}>{t('coupon')}</label>
      <Space.Compact block>
        <Input
          id={id}
          value={text}
          maxLength={40}
          autoComplete="off"
          allowClear
          onChange={({ target }) => {
            setText(target.value);
            if (target.value === '' && code) onUse(undefined);
          }}
          onPressEnter={use}
        />
        <Button onClick={use}>{t('useCoupon')}</Button>
      </Space.Compact>
      {code && <Refused error={error} />}
    </div>
  );
}
