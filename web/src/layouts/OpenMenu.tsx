import { Dropdown } from 'antd';
import { type ReactElement, useState } from 'react';
import type { MenuButtonProps } from './MenuButton.tsx';

interface OpenMenuProps {
  menu: MenuButtonProps['menu'];
  /** The button that it hangs from. */
  children: ReactElement;
}

/** It comes when it is asked for, so it begins open. */
export function OpenMenu({ menu, children }: OpenMenuProps) {
  const [isOpen, setOpen] = useState(true);
  return (
    <Dropdown autoFocus open={isOpen} onOpenChange={setOpen} trigger={['click']} menu={menu}>
      {children}
    </Dropdown>
  );
}
