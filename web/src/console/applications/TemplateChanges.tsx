import { useTranslations } from 'use-intl';
import type { Answer } from '../../api/call.ts';
import { ButtonLink } from '../../features/navigation/ButtonLink.tsx';
import { paths } from '../../paths.ts';
import { type Column, DataTable } from '../../ui/DataTable.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { settledList } from '../../ui/pages.ts';
import { Status, type Tone } from '../../ui/Status.tsx';

type Summary = Answer<'registerApplication'>;
type Change = Summary['changes'][number];

const tones: Record<Change['change'], Tone> = {
  created: 'good',
  updated: 'active',
  unchanged: 'quiet',
};

/** What registering a template did, or would do. */
export function TemplateChanges({ summary }: { summary: Summary }) {
  const t = useTranslations('console.templates');
  const { application, dry_run: isTried, changes } = summary;
  const { id, name } = application;
  const isAsItIs = changes.every(({ change }) => change === 'unchanged');
  const tried = isAsItIs ? t('nothing') : t('wouldChangeNote');
  return (
    <Panel
      title={t(isTried ? 'wouldChange' : 'changed')}
      note={isTried ? tried : t('changedNote', { name })}
      actions={
        !isTried &&
        id !== null && (
          <ButtonLink to={paths.consoleApplication} params={{ id }}>
            {t('toApplication', { name })}
          </ButtonLink>
        )
      }
    >
      <DataTable
        label={t(isTried ? 'wouldChange' : 'changed')}
        list={settledList(changes)}
        columns={useColumns()}
        rowKey={({ kind, name: item }) => `${kind} ${item}`}
        renderError={() => null}
        empty={null}
      />
    </Panel>
  );
}

function useColumns(): Column<Change>[] {
  const t = useTranslations('console.templates');
  return [
    { title: t('kind'), cell: ({ kind }) => t(`kinds.${kind}`) },
    { title: t('item'), cell: ({ name }) => <code>{name}</code> },
    {
      title: t('change'),
      cell: ({ change }) => <Status tone={tones[change]}>{t(`changes.${change}`)}</Status>,
    },
    { title: t('fields'), cell: ({ fields }) => fields.join(', ') || '–' },
  ];
}
