import { getRouteApi } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { AllowedButton } from '../../features/session/AllowedButton.tsx';
import { useRefusalOf } from '../../features/session/allowed.ts';
import { useSession } from '../../features/session/session.ts';
import { WithWords } from '../../features/words/WithWords.tsx';
import { costWords } from '../../i18n/messages.ts';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { PageHeader } from '../../ui/PageHeader.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { TabPanels } from '../../ui/TabPanels.tsx';
import { CapsPanel } from './CapsPanel.tsx';
import { CostCentersPanel } from './CostCentersPanel.tsx';
import { EditCostCenter } from './EditCostCenter.tsx';

const route = getRouteApi('/portal/cost-centers');
const tabs = ['centers', 'caps', 'members'] as const;
type Tab = (typeof tabs)[number];

export function CostCentersPage() {
  return (
    <WithWords words={costWords}>
      <CostCenters />
    </WithWords>
  );
}

function CostCenters() {
  const t = useTranslations('costCenters');
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const { organization } = useSession();
  const refusal = useRefusalOf()('listSpendCaps');
  const [isAdding, setAdding] = useState(false);
  const active = tabs.find((tab) => tab === search.tab) ?? 'centers';
  if (!organization) return null;
  const { id } = organization;
  const hidden = (
    <Panel>
      <EmptyState title={t('hidden')}>{refusal}</EmptyState>
    </Panel>
  );
  const panels = {
    centers: <CostCentersPanel organizationId={id} />,
    caps: refusal ? hidden : <CapsPanel organizationId={id} kind="cost_center" />,
    members: refusal ? hidden : <CapsPanel organizationId={id} kind="member" />,
  };
  return (
    <div className="page">
      <PageHeader
        title={t('title')}
        note={t('note')}
        actions={
          <AllowedButton
            operation="createCostCenter"
            type="primary"
            onClick={() => setAdding(true)}
          >
            {t('add')}
          </AllowedButton>
        }
      />
      <TabPanels<Tab>
        label={t('title')}
        active={active}
        onChange={(tab) => void navigate({ search: { tab }, replace: true })}
        tabs={tabs.map((key) => ({ key, label: t(`tabs.${key}`), panel: panels[key] }))}
      />
      {isAdding && <EditCostCenter organizationId={id} onClose={() => setAdding(false)} />}
    </div>
  );
}
