import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { paths } from '../paths.ts';

interface BrandProps {
  to: typeof paths.landing | typeof paths.dashboard | typeof paths.console;
  children?: ReactNode;
}

export function Brand({ to, children }: BrandProps) {
  return (
    <Link to={to} className="brand">
      <img src="/favicon.svg" alt="" width={24} height={24} />
      Sluice
      {children}
    </Link>
  );
}
