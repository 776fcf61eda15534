import { Segmented } from 'antd';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { usePages } from '../../api/use-pages.ts';
import { CodeBlock } from '../../ui/CodeBlock.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { type Client, clientNames, clients, snippetOf } from './snippet.ts';

const fallbackModel = 'gpt-4o-mini';

/** How a program calls us: a snippet to take away, with this deployment's own address in it. */
export function PointYourProgram({ secret = 'sk-…' }: { secret?: string }) {
  const t = useTranslations('keys');
  const [client, setClient] = useState<Client>('node');
  const models = usePages('listModels', { query: { limit: 200 } }).rows;
  const model = models?.find(({ model }) => model === fallbackModel) ?? models?.[0];
  const code = snippetOf(client, {
    baseUrl: `${window.location.origin}/v1`,
    secret,
    model: model?.model ?? fallbackModel,
  });
  return (
    <Panel
      title={t('use')}
      note={t('useNote')}
      actions={
        <Segmented
          size="small"
          aria-label={t('use')}
          value={client}
          onChange={setClient}
          options={clients.map((value) => ({ value, label: clientNames[value] }))}
        />
      }
    >
      <CodeBlock code={code} copyLabel={t('copyCode')} />
    </Panel>
  );
}
