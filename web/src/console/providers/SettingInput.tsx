/** A field of a provider, drawn by its kind, in the words that the provider declares. */
import { Form, type FormItemProps, Input, Select, Switch } from 'antd';
import type { ReactNode } from 'react';
import { useLocale, useTranslations } from 'use-intl';
import { PairsField } from '../forms/PairsField.tsx';
import { useRatesRule } from '../settings/rates-rule.ts';
import type { Field } from './changes.ts';

type Rule = NonNullable<FormItemProps['rules']>[number];

export function SettingInput({ field }: { field: Field }) {
  const locale = useLocale();
  return (
    <Form.Item
      name={['settings', field.key]}
      label={field.label[locale]}
      extra={field.help?.[locale]}
      valuePropName={field.kind === 'boolean' ? 'checked' : 'value'}
      rules={useRules(field)}
    >
      {useInput(field)}
    </Form.Item>
  );
}

function useInput(field: Field): ReactNode {
  const t = useTranslations('console.settings');
  switch (field.kind) {
    case 'boolean':
      return <Switch />;
    case 'select':
      return <Select options={(field.options ?? []).map((value) => ({ value, label: value }))} />;
    case 'secret':
      return (
        <Input.Password
          autoComplete="new-password"
          maxLength={4000}
          placeholder={field.is_set ? t('secretKept') : ''}
        />
      );
    case 'rates':
      return <PairsField labels={[t('rateCurrency'), t('rate')]} addLabel={t('addRate')} />;
    case 'url':
      return <Input inputMode="url" autoComplete="off" maxLength={4000} />;
    case 'text':
      // A key or certificate as PEM; a field of one line would lose its line breaks.
      return String(field.value).includes('\n') ? (
        <Input.TextArea autoSize={{ maxRows: 8 }} maxLength={4000} />
      ) : (
        <Input autoComplete="off" maxLength={4000} />
      );
  }
}

/** What can be seen without asking the server, which judges the rest. */
function useRules({ kind }: Field): Rule[] {
  const t = useTranslations('console.settings');
  const rates = useRatesRule();
  if (kind === 'url') return [{ type: 'url', message: t('urlRule') }];
  return kind === 'rates' ? [rates] : [];
}
