/** The forms of all providers, one at a time. */
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { TabPanels } from '../../ui/TabPanels.tsx';
import { type Provider, ProviderPanel } from './ProviderPanel.tsx';

export function ProviderSettings({ providers }: { providers: Provider[] }) {
  const t = useTranslations('console.providers');
  const [chosen, setChosen] = useState<string>();
  const [first] = providers;
  if (!first) return null;
  if (providers.length === 1) return <ProviderPanel provider={first} />;
  return (
    <TabPanels
      label={t('title')}
      active={chosen ?? first.provider}
      onChange={setChosen}
      tabs={providers.map((provider) => ({
        key: provider.provider,
        label: provider.name,
        panel: <ProviderPanel key={provider.provider} provider={provider} />,
      }))}
    />
  );
}
