import { useTranslations } from 'use-intl';
import { AllowedButton } from '../../features/session/AllowedButton.tsx';
import { PageHeader } from '../../ui/PageHeader.tsx';
import { TabPanels } from '../../ui/TabPanels.tsx';
import { GroupsPanel } from './GroupsPanel.tsx';
import { PricesPanel } from './PricesPanel.tsx';
import { SimulatePanel } from './SimulatePanel.tsx';
import { UpdatesPanel } from './UpdatesPanel.tsx';
import { useModelsSearch } from './use-models-search.ts';

const tabs = ['prices', 'groups', 'updates', 'simulate'] as const;

/** What models cost: the price book, whom it is multiplied for, what was published since, and what other prices would do. */
export function ModelsPage() {
  const t = useTranslations('console.models');
  const tPrices = useTranslations('console.modelPrices');
  const { search, change } = useModelsSearch();
  const active = tabs.find((known) => known === search.tab) ?? 'prices';
  const panels = {
    prices: <PricesPanel />,
    groups: <GroupsPanel />,
    updates: <UpdatesPanel />,
    simulate: <SimulatePanel />,
  };
  return (
    <div className="page">
      <PageHeader
        title={t('title')}
        note={t('note')}
        actions={
          <AllowedButton
            operation="createModelPrice"
            type="primary"
            onClick={() => change({ tab: '', view: 'add', model: '' })}
          >
            {t('add')}
          </AllowedButton>
        }
      />
      <TabPanels
        label={t('title')}
        active={active}
        onChange={(tab) => change({ tab, q: '', model: '', view: '' })}
        tabs={tabs.map((key) => ({ key, label: tPrices(`tabs.${key}`), panel: panels[key] }))}
      />
    </div>
  );
}
