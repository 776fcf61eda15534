import { Button, type MenuProps } from 'antd';
import { lazy, type ReactNode, Suspense, useState } from 'react';

const load = () => import('./OpenMenu.tsx');
const OpenMenu = lazy(() => load().then((m) => ({ default: m.OpenMenu })));

export interface MenuButtonProps {
  menu: MenuProps;
  icon: ReactNode;
  label: string;
  children?: ReactNode;
}

/** A button with a menu. The menu is a tenth of what a page loads, so it is loaded when somebody reaches for it. */
export function MenuButton({ menu, icon, label, children }: MenuButtonProps) {
  const [isAsked, setAsked] = useState(false);
  const button = (
    <Button
      type="text"
      icon={icon}
      aria-label={label}
      aria-haspopup="menu"
      onPointerEnter={() => void load()}
      onFocus={() => void load()}
      {...(!isAsked && { onClick: () => setAsked(true) })}
    >
      {children}
    </Button>
  );
  if (!isAsked) return button;
  return (
    <Suspense fallback={button}>
      <OpenMenu menu={menu}>{button}</OpenMenu>
    </Suspense>
  );
}
