import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { useTranslations } from 'use-intl';
import type { Answer } from '../../api/call.ts';
import { reading } from '../../api/use-call.ts';
import { Failure } from '../../features/errors/Failure.tsx';
import { Loading } from '../../ui/Loading.tsx';
import { PageHeader } from '../../ui/PageHeader.tsx';
import { DirectoryPanel } from './DirectoryPanel.tsx';
import { EditProvider, NewProvider } from './ProviderDrawer.tsx';
import { isNew, ProvidersPanel } from './ProvidersPanel.tsx';

export type SignInProvider = Answer<'getSignInProvider'>;

const route = getRouteApi('/console/admin/sign-in');

export function SignInPage() {
  const t = useTranslations('sso.console');
  const { edit } = route.useSearch();
  const navigate = route.useNavigate();
  const providers = useQuery(reading('listSignInProviders', {}));
  const open = (id: string) => void navigate({ search: { edit: id }, replace: true });
  const rows = providers.data?.data ?? [];
  const directory = rows.find(({ kind }) => kind === 'ldap');
  const others = rows.filter(({ kind }) => kind !== 'ldap');
  const edited = others.find(({ id }) => id === edit);
  return (
    <div className="page">
      <PageHeader title={t('title')} note={t('note')} />
      {providers.error && !providers.data && (
        <Failure error={providers.error} onRetry={() => void providers.refetch()} />
      )}
      {providers.isPending && <Loading rows={8} />}
      {directory && <DirectoryPanel directory={directory} />}
      {providers.data && <ProvidersPanel providers={others} onEdit={open} />}
      {edit === isNew && <NewProvider onClose={() => open('')} />}
      {edited && <EditProvider key={edited.id} provider={edited} onClose={() => open('')} />}
    </div>
  );
}
