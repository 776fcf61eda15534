import { type KeyboardEvent, type ReactNode, useId } from 'react';

interface TabPanelsProps<Key extends string> {
  /** What the tabs choose between. */
  label: string;
  active: Key;
  onChange: (key: Key) => void;
  tabs: { key: Key; label: string; panel: ReactNode }[];
}

const steps: Partial<Record<string, number>> = { ArrowRight: 1, ArrowLeft: -1 };

/** Tabs over the panel that they choose; arrow keys go along them. Only the chosen panel is there. */
export function TabPanels<Key extends string>({
  label,
  active,
  onChange,
  tabs,
}: TabPanelsProps<Key>) {
  const id = useId();
  const move = (event: KeyboardEvent<HTMLDivElement>) => {
    const step = steps[event.key];
    if (!step) return;
    const at = tabs.findIndex(({ key }) => key === active);
    const next = tabs[(at + step + tabs.length) % tabs.length];
    if (!next) return;
    onChange(next.key);
    document.getElementById(`${id}-${next.key}`)?.focus();
  };
  return (
    <div className="stack">
      <div role="tablist" aria-label={label} className="tabs" onKeyDown={move}>
        {tabs.map((tab) => (
          <button
            key={tab.key}
            type="button"
            role="tab"
            id={`${id}-${tab.key}`}
            aria-selected={tab.key === active}
            aria-controls={`${id}-panel`}
            tabIndex={tab.key === active ? 0 : -1}
            onClick={() => onChange(tab.key)}
          >
            {tab.label}
          </button>
        ))}
      </div>
      <div role="tabpanel" id={`${id}-panel`} aria-labelledby={`${id}-${active}`}>
        {tabs.find(({ key }) => key === active)?.panel}
      </div>
    </div>
  );
}
