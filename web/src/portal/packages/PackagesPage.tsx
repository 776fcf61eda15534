import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { useTranslations } from 'use-intl';
import { usePages } from '../../api/use-pages.ts';
import { PackageList } from '../../features/catalog/PackageList.tsx';
import { ButtonLink } from '../../features/navigation/ButtonLink.tsx';
import { AllowedButton } from '../../features/session/AllowedButton.tsx';
import { paths } from '../../paths.ts';
import { PageHeader } from '../../ui/PageHeader.tsx';
import { BuyPackage } from './BuyPackage.tsx';

const route = getRouteApi('/portal/packages');

export function PackagesPage() {
  const t = useTranslations('packages');
  const { buy } = route.useSearch();
  const navigate = useNavigate();
  const packages = usePages('listPackages', { query: { limit: 200 } });
  const chosen = packages.rows?.find((item) => item.id === buy);
  const choose = (id?: string) =>
    navigate({ to: paths.packages, search: id ? { buy: id } : {}, replace: true });
  return (
    <div className="page">
      <PageHeader title={t('title')} note={t('note')} />
      <PackageList
        action={(item) => (
          <AllowedButton
            operation="purchasePackage"
            type="primary"
            block
            onClick={() => choose(item.id)}
          >
            {t('buy', { name: item.name })}
          </AllowedButton>
        )}
        emptyAction={<ButtonLink to={paths.billing}>{t('topUp')}</ButtonLink>}
      />
      {chosen && <BuyPackage item={chosen} onClose={() => choose()} />}
    </div>
  );
}
