import { UserOutlined } from '@ant-design/icons';
import { useNavigate } from '@tanstack/react-router';
import { App } from 'antd';
import { useTranslations } from 'use-intl';
import { useErrorText } from '../features/errors/error-text.ts';
import { useSession } from '../features/session/session.ts';
import { useSignOut } from '../features/session/sign-out.ts';
import { paths } from '../paths.ts';
import { MenuButton } from './MenuButton.tsx';

export function AccountMenu({ house }: { house: 'portal' | 'console' }) {
  const t = useTranslations();
  const navigate = useNavigate();
  const signOut = useSignOut();
  const errorText = useErrorText();
  const { message } = App.useApp();
  const { user, platformPermissions } = useSession();
  const name = user.name ?? user.username ?? user.email;
  const isOperator = platformPermissions.length > 0;

  const otherHouse =
    house === 'console'
      ? {
          key: 'portal',
          label: t('layout.toPortal'),
          onClick: () => navigate({ to: paths.dashboard }),
        }
      : {
          key: 'console',
          label: t('layout.toConsole'),
          onClick: () => navigate({ to: paths.console }),
        };
  return (
    <MenuButton
      icon={<UserOutlined />}
      label={t('layout.accountMenu')}
      menu={{
        items: [
          { key: 'who', label: user.email, disabled: true },
          {
            key: 'account',
            label: t('nav.account'),
            onClick: () => navigate({ to: paths.account }),
          },
          ...(isOperator ? [otherHouse] : []),
          { type: 'divider' },
          {
            key: 'sign-out',
            label: t('nav.signOut'),
            onClick: () => void signOut().catch((error: Error) => message.error(errorText(error))),
          },
        ],
      }}
    >
      <span className="wide-only">{name}</span>
    </MenuButton>
  );
}
