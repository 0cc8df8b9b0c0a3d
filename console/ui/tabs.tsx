import { Tabs as Base } from '@base-ui/react/tabs';
import type { ReactNode } from 'react';

export interface TabsProps {
  readonly label: string;
  readonly value: string;
  readonly onValue: (value: string) => void;
  readonly tabs: readonly { readonly value: string; readonly label: ReactNode; readonly content: ReactNode }[];
}

/** Views of one thing, one at a time; arrow keys move between them. */
export function Tabs({ label, value, onValue, tabs }: TabsProps) {
  return (
    <Base.Root value={value} onValueChange={(next) => onValue(String(next))} className="tabs">
      <Base.List className="tab-list" aria-label={label}>
        {tabs.map((tab) => (
          <Base.Tab key={tab.value} value={tab.value} className="tab">
            {tab.label}
          </Base.Tab>
        ))}
      </Base.List>
      {tabs.map((tab) => (
        <Base.Panel key={tab.value} value={tab.value} className="tab-panel">
          {tab.content}
        </Base.Panel>
      ))}
    </Base.Root>
  );
}
