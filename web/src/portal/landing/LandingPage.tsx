import { Link } from '@tanstack/react-router';
import { useTranslations } from 'use-intl';
import { PackageList } from '../../features/catalog/PackageList.tsx';
import { PriceTable } from '../../features/catalog/PriceTable.tsx';
import { ButtonLink } from '../../features/navigation/ButtonLink.tsx';
import { useVisitor } from '../../features/session/session.ts';
import { paths, serverPaths } from '../../paths.ts';
import { useDocumentTitle } from '../../ui/PageHeader.tsx';
import { Panel } from '../../ui/Panel.tsx';
import './landing.css';

export function LandingPage() {
  const t = useTranslations('landing');
  const tPackages = useTranslations('packages');
  useDocumentTitle(t('title'));
  return (
    <main id="main" className="main landing">
      <Opening />
      <div className="page">
        <Panel title={t('packages')} note={t('packagesNote')}>
          <PackageList
            action={(item) => (
              <ButtonLink to={paths.packages} search={{ buy: item.id }} isPrimary block>
                {tPackages('buy', { name: item.name })}
              </ButtonLink>
            )}
          />
        </Panel>
        <Panel
          title={t('models')}
          note={t('modelsNote')}
          actions={<ButtonLink to={paths.models}>{t('allModels')}</ButtonLink>}
        >
          <PriceTable />
        </Panel>
      </div>
    </main>
  );
}

function Opening() {
  const t = useTranslations('landing');
  const visitor = useVisitor();
  return (
    <header className="opening">
      <h1>{t('title')}</h1>
      <p>{t('lead')}</p>
      <div className="actions">
        {visitor ? (
          <ButtonLink to={paths.dashboard} isPrimary size="large">
            {t('toDashboard')}
          </ButtonLink>
        ) : (
          <ButtonLink to={paths.signUp} isPrimary size="large">
            {t('start')}
          </ButtonLink>
        )}
        <a href={serverPaths.apiDocs}>{t('apiDocs')}</a>
        <Link to={paths.status}>{t('status')}</Link>
      </div>
    </header>
  );
}
