import type { ReactNode } from 'react';

interface EmptyStateProps {
  title: string;
  /** What will be here. */
  children?: ReactNode;
  /** The button that starts it. */
  action?: ReactNode;
}

export function EmptyState({ title, children, action }: EmptyStateProps) {
  return (
    <div className="empty">
      <strong>{title}</strong>
      {children && <p>{children}</p>}
      {action}
    </div>
  );
}
