import { type ReactNode, useId } from 'react';

interface PanelProps {
  title?: string;
  note?: ReactNode;
  actions?: ReactNode;
  children: ReactNode;
}

/** A titled surface: the one box that pages are made of. */
export function Panel({ title, note, actions, children }: PanelProps) {
  const titleId = useId();
  return (
    <section className="panel" aria-labelledby={title ? titleId : undefined}>
      {(title || actions) && (
        <div className="panel-head">
          <div>
            {title && <h2 id={titleId}>{title}</h2>}
            {note && <p>{note}</p>}
          </div>
          {actions && <div className="actions">{actions}</div>}
        </div>
      )}
      {children}
    </section>
  );
}
