import { CheckOutlined, CopyOutlined } from '@ant-design/icons';
import { Button } from 'antd';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { copyText } from './copy-text.ts';

interface CopyButtonProps {
  text: string;
  /** What is copied, for people who do not see the icon. */
  label: string;
  showLabel?: boolean;
}

export function CopyButton({ text, label, showLabel = false }: CopyButtonProps) {
  const t = useTranslations('ui');
  const [isCopied, setCopied] = useState(false);
  const copy = async () => {
    setCopied(await copyText(text));
    setTimeout(() => setCopied(false), 2000);
  };
  return (
    <Button
      type={showLabel ? 'default' : 'text'}
      size={showLabel ? 'middle' : 'small'}
      aria-label={isCopied ? t('copied') : label}
      icon={isCopied ? <CheckOutlined /> : <CopyOutlined />}
      onClick={copy}
    >
      {showLabel && (isCopied ? t('copied') : label)}
    </Button>
  );
}
