import { Outlet } from '@tanstack/react-router';
import { useTranslations } from 'use-intl';
import { ButtonLink } from '../features/navigation/ButtonLink.tsx';
import { useVisitor } from '../features/session/session.ts';
import { paths } from '../paths.ts';
import { Brand } from './Brand.tsx';
import { PreferencesMenus } from './PreferencesMenus.tsx';

/** Pages that anyone may open: no navigation, only who we are and the way in. */
export function OpenLayout() {
  const t = useTranslations('nav');
  const visitor = useVisitor();
  return (
    <div className="open">
      <header className="topbar">
        <Brand to={paths.landing} />
        <span className="topbar-fill" />
        <PreferencesMenus />
        {visitor && <ButtonLink to={paths.dashboard}>{t('dashboard')}</ButtonLink>}
        {visitor === null && <ButtonLink to={paths.signIn}>{t('signIn')}</ButtonLink>}
      </header>
      <Outlet />
    </div>
  );
}

export function AuthLayout() {
  return (
    <main className="auth">
      <Outlet />
    </main>
  );
}
