import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { Button } from 'antd';
import { useTranslations } from 'use-intl';
import { usePages } from '../../api/use-pages.ts';
import { ModelCatalogue, vendors } from '../../features/catalog/ModelCatalogue.tsx';
import { useVisitor } from '../../features/session/session.ts';
import { WithWords } from '../../features/words/WithWords.tsx';
import { catalogueWords } from '../../i18n/messages.ts';
import { paths } from '../../paths.ts';
import { ChoiceFilter } from '../../ui/ChoiceFilter.tsx';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { PageHeader } from '../../ui/PageHeader.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { TextFilter } from '../../ui/TextFilter.tsx';

const route = getRouteApi('/either/models');

/** What can be called and what it costs: a page of the portal, and one that anyone may open. */
export function ModelsPage() {
  const page = (
    <WithWords words={catalogueWords}>
      <Catalogue />
    </WithWords>
  );
  if (useVisitor()) return page;
  return (
    <main id="main" className="main landing">
      {page}
    </main>
  );
}

function Catalogue() {
  const t = useTranslations('models');
  const tCatalogue = useTranslations('catalogue');
  const navigate = useNavigate();
  const visitor = useVisitor();
  const { q, vendor } = route.useSearch();
  const chosen = vendors.find((known) => known === vendor);
  const currency = usePages('listModels', {}).rows?.[0]?.currency;
  const show = (search: { q?: string; vendor?: string }) =>
    void navigate({
      to: paths.models,
      search: { ...(q && { q }), ...(chosen && { vendor: chosen }), ...search },
      replace: true,
    });
  const note = currency && t('note', { currency });
  return (
    <div className="page">
      <PageHeader
        title={t('title')}
        note={visitor && note ? `${tCatalogue('yours')} ${note}` : note}
      />
      <Panel>
        <div className="actions">
          <TextFilter
            label={tCatalogue('search')}
            value={q}
            onChange={(text) => show({ q: text })}
          />
          <ChoiceFilter
            label={tCatalogue('vendor')}
            any={tCatalogue('anyVendor')}
            value={chosen}
            options={vendors.map((value) => ({ value, label: tCatalogue(`vendors.${value}`) }))}
            onChange={(value) => show({ vendor: value })}
          />
        </div>
        <ModelCatalogue
          q={q}
          vendor={chosen}
          noMatch={
            <EmptyState
              title={tCatalogue('none')}
              action={
                <Button onClick={() => show({ q: '', vendor: '' })}>{tCatalogue('clear')}</Button>
              }
            >
              {tCatalogue('noneNote')}
            </EmptyState>
          }
        />
      </Panel>
    </div>
  );
}
