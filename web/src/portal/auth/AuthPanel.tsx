import type { ReactNode } from 'react';
import { useDocumentTitle } from '../../ui/PageHeader.tsx';

/** The one box of every page around signing in. */
export function AuthPanel({ title, children }: { title: string; children: ReactNode }) {
  useDocumentTitle(title);
  return (
    <section className="panel">
      <h1>{title}</h1>
      {children}
    </section>
  );
}
