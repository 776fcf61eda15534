import { TeamOutlined } from '@ant-design/icons';
import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { lazy, Suspense, useState } from 'react';
import { useTranslations } from 'use-intl';
import { chooseOrganization } from '../api/acting-organization.ts';
import { useOrganizations, useSession } from '../features/session/session.ts';
import { paths } from '../paths.ts';
import { MenuButton } from './MenuButton.tsx';

const CreateOrganization = lazy(() =>
  import('../portal/organization/CreateOrganization.tsx').then((m) => ({
    default: m.CreateOrganization,
  })),
);

/** For which organization one acts; everything on the page is that organization's. */
export function OrganizationMenu() {
  const t = useTranslations('layout');
  const { organization } = useSession();
  const organizations = useOrganizations();
  const act = useActFor();
  const [isCreating, setCreating] = useState(false);
  if (!organization) return null;
  return (
    <>
      <MenuButton
        icon={<TeamOutlined />}
        label={t('organizationMenu', { name: organization.name })}
        menu={{
          selectedKeys: [organization.id],
          items: [
            ...organizations.map(({ id, name }) => ({ key: id, label: name })),
            { type: 'divider' },
            { key: 'new', label: t('newOrganization') },
          ],
          onClick: ({ key }) => (key === 'new' ? setCreating(true) : void act(key)),
        }}
      >
        <span className="wide-only">{organization.name}</span>
      </MenuButton>
      {isCreating && (
        <Suspense fallback={null}>
          <CreateOrganization onClose={() => setCreating(false)} onCreated={(id) => void act(id)} />
        </Suspense>
      )}
    </>
  );
}

/** Acts for another organization: what was read of the last one is forgotten. */
function useActFor(): (id: string) => Promise<void> {
  const client = useQueryClient();
  const navigate = useNavigate();
  return async (id) => {
    await client.cancelQueries();
    chooseOrganization(id);
    await navigate({ to: paths.dashboard });
    await client.resetQueries({ predicate: ({ queryKey: [name] }) => name !== 'getMe' });
    await client.invalidateQueries({ queryKey: ['getMe'] });
  };
}
