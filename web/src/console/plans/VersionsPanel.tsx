import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { usePages } from '../../api/use-pages.ts';
import { renderFailure } from '../../features/errors/Failure.tsx';
import { ButtonLink } from '../../features/navigation/ButtonLink.tsx';
import { AllowedButton } from '../../features/session/AllowedButton.tsx';
import { paths } from '../../paths.ts';
import { type Column, DataTable } from '../../ui/DataTable.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { When } from '../../ui/When.tsx';
import { MoveSubscriptions } from './MoveSubscriptions.tsx';
import { PriceList } from './PriceList.tsx';
import type { Plan } from './plan-form.ts';
import { changedParts, type PlanVersion } from './version-changes.ts';

/** Every version of a plan: who has one keeps it, so none is ever lost. */
export function VersionsPanel({ plan }: { plan: Plan }) {
  const t = useTranslations('console.versions');
  const tMoves = useTranslations('console.moves');
  const [isMoving, setMoving] = useState(false);
  const versions = usePages('listPlanVersions', { params: { id: plan.id }, query: {} });
  return (
    <Panel
      title={t('title')}
      note={t('note')}
      actions={
        <>
          <ButtonLink to={paths.consoleSubscriptions} search={{ plan: plan.id }}>
            {tMoves('toSubscriptions')}
          </ButtonLink>
          <AllowedButton
            operation="movePlan"
            blockedBecause={plan.version === 1 ? tMoves('onlyVersion') : undefined}
            onClick={() => setMoving(true)}
          >
            {tMoves('open')}
          </AllowedButton>
        </>
      }
    >
      <DataTable
        label={t('title')}
        list={versions}
        columns={useColumns(versions.rows ?? [])}
        rowKey={({ version }) => String(version)}
        renderError={renderFailure}
        empty={null}
      />
      {isMoving && <MoveSubscriptions plan={plan} onClose={() => setMoving(false)} />}
    </Panel>
  );
}

function useColumns(all: readonly PlanVersion[]): Column<PlanVersion>[] {
  const t = useTranslations('console.versions');
  const tParts = useTranslations('console.versions.parts');
  const changesOf = ({ version }: PlanVersion): string => {
    const at = all.findIndex((one) => one.version === version);
    const [own, before] = [all[at], all[at + 1]];
    if (version === 1) return t('first');
    if (!own || !before) return '–';
    const changed = changedParts(own, before);
    return changed.length === 0 ? t('nothing') : changed.map((part) => tParts(part)).join(', ');
  };
  return [
    { title: t('version'), cell: ({ version }) => t('numbered', { version }) },
    { title: t('since'), cell: ({ created_at }) => <When at={created_at} /> },
    { title: t('changed'), cell: changesOf },
    { title: t('prices'), cell: ({ prices }) => <PriceList prices={prices} /> },
  ];
}
