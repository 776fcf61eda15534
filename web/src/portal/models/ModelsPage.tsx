import { useTranslations } from 'use-intl';
import { usePages } from '../../api/use-pages.ts';
import { PriceTable } from '../../features/catalog/PriceTable.tsx';
import { PageHeader } from '../../ui/PageHeader.tsx';
import { Panel } from '../../ui/Panel.tsx';

export function ModelsPage() {
  const t = useTranslations('models');
  const models = usePages('listModels', {});
  const currency = models.rows?.[0]?.currency;
  return (
    <div className="page">
      <PageHeader title={t('title')} note={currency && t('note', { currency })} />
      <Panel>
        <PriceTable />
      </Panel>
    </div>
  );
}
