import { MenuOutlined } from '@ant-design/icons';
import { Link, type LinkProps, Outlet } from '@tanstack/react-router';
import { Button, Drawer } from 'antd';
import { type ReactNode, useState } from 'react';
import { useTranslations } from 'use-intl';
import { useLanguageOfAccount } from '../features/session/choose-language.ts';
import { AccountMenu } from './AccountMenu.tsx';
import { PreferencesMenus } from './PreferencesMenus.tsx';

export interface NavItem {
  to: NonNullable<LinkProps['to']>;
  label: string;
  icon: ReactNode;
  /** For the house's own start page, which is the beginning of every address in it. */
  isExact?: boolean;
}

interface ShellProps {
  house: 'portal' | 'console';
  brand: ReactNode;
  label: string;
  items: NavItem[];
}

/** Top bar, navigation at the side (a drawer where it is narrow), and the page. */
export function Shell({ house, brand, label, items }: ShellProps) {
  const t = useTranslations('layout');
  const [isDrawerOpen, setDrawerOpen] = useState(false);
  useLanguageOfAccount();
  return (
    <div className="shell">
      <a href="#main" className="skip">
        {t('skip')}
      </a>
      <header className="topbar">
        <Button
          type="text"
          className="menu-button"
          icon={<MenuOutlined />}
          aria-label={t('menu')}
          aria-expanded={isDrawerOpen}
          onClick={() => setDrawerOpen(true)}
        />
        {brand}
        <span className="topbar-fill" />
        <PreferencesMenus />
        <AccountMenu house={house} />
      </header>
      <div className="side">
        <Navigation label={label} items={items} />
      </div>
      <Drawer
        open={isDrawerOpen}
        onClose={() => setDrawerOpen(false)}
        placement="left"
        size={280}
        title={label}
      >
        <Navigation label={label} items={items} onGo={() => setDrawerOpen(false)} />
      </Drawer>
      <main id="main" className="main" tabIndex={-1}>
        <Outlet />
      </main>
    </div>
  );
}

function Navigation({
  label,
  items,
  onGo,
}: {
  label: string;
  items: NavItem[];
  onGo?: () => void;
}) {
  return (
    <nav aria-label={label}>
      <ul className="nav-list">
        {items.map((item) => (
          <li key={item.to}>
            <Link
              to={item.to}
              activeOptions={{ exact: item.isExact ?? false }}
              {...(onGo && { onClick: onGo })}
            >
              {item.icon}
              {item.label}
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  );
}
