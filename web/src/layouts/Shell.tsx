import { MenuOutlined } from '@ant-design/icons';
import { Link, type LinkProps, Outlet } from '@tanstack/react-router';
import { Button, Drawer } from 'antd';
import { type ReactNode, useEffect, useId, useRef, useState } from 'react';
import { useTranslations } from 'use-intl';
import { Bell } from '../features/notices/Bell.tsx';
import { useLanguageOfAccount } from '../features/session/choose-language.ts';
import { findWayBack } from '../features/session/way-back.ts';
import { SupportBanner } from '../features/support/SupportBanner.tsx';
import { AccountMenu } from './AccountMenu.tsx';
import { OrganizationMenu } from './OrganizationMenu.tsx';
import { PreferencesMenus } from './PreferencesMenus.tsx';

export interface NavItem {
  to: NonNullable<LinkProps['to']>;
  label: string;
  icon: ReactNode;
  /** For the house's own start page, which is the beginning of every address in it. */
  isExact?: boolean;
}

export interface NavGroup {
  /** Left out where the items need no name above them. */
  label?: string;
  items: NavItem[];
}

interface ShellProps {
  house: 'portal' | 'console';
  brand: ReactNode;
  label: string;
  groups: NavGroup[];
  page?: ReactNode;
}

/** Top bar, navigation at the side (a drawer where it is narrow), and the page. */
export function Shell({ house, brand, label, groups, page = <Outlet /> }: ShellProps) {
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
        <WayBack />
        {house === 'portal' && <OrganizationMenu />}
        {house === 'portal' && <Bell />}
        <PreferencesMenus />
        <AccountMenu house={house} />
      </header>
      <div className="side">
        <Navigation label={label} groups={groups} />
      </div>
      <Drawer
        open={isDrawerOpen}
        onClose={() => setDrawerOpen(false)}
        placement="left"
        size={280}
        title={label}
      >
        <Navigation label={label} groups={groups} onGo={() => setDrawerOpen(false)} />
      </Drawer>
      <main id="main" className="main" tabIndex={-1}>
        {house === 'portal' && <SupportBanner />}
        {page}
      </main>
    </div>
  );
}

/** For guests whom an application let in. */
function WayBack() {
  const t = useTranslations('pay');
  const way = findWayBack();
  if (!way) return null;
  return (
    <Button type="link" href={way.url}>
      {t('back', { name: way.name })}
    </Button>
  );
}

interface NavigationProps {
  label: string;
  groups: NavGroup[];
  onGo?: () => void;
}

function Navigation({ label, groups, onGo }: NavigationProps) {
  const nav = useRef<HTMLElement>(null);
  useEffect(() => {
    // A long list scrolls by itself: the page that one is on must not be out of sight in it.
    nav.current?.querySelector('[aria-current="page"]')?.scrollIntoView({ block: 'nearest' });
  }, []);
  return (
    <nav ref={nav} aria-label={label} className="nav">
      {groups.map((group) => (
        <Group key={group.items[0]?.to} group={group} {...(onGo && { onGo })} />
      ))}
    </nav>
  );
}

function Group({ group, onGo }: { group: NavGroup; onGo?: () => void }) {
  const labelId = useId();
  return (
    <div>
      {group.label && (
        <p id={labelId} className="nav-label">
          {group.label}
        </p>
      )}
      <ul className="nav-list" aria-labelledby={group.label ? labelId : undefined}>
        {group.items.map((item) => (
          <li key={item.to}>
            <Link
              to={item.to}
              activeOptions={{ exact: item.isExact ?? false }}
              {...(onGo && { onClick: onGo })}
            >
              <span aria-hidden="true">{item.icon}</span>
              {item.label}
            </Link>
          </li>
        ))}
      </ul>
    </div>
  );
}
