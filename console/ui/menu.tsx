import { Menu as Base } from '@base-ui/react/menu';
import { Check } from 'lucide-react';
import type { ReactElement, ReactNode } from 'react';

export interface MenuItem {
  readonly label: ReactNode;
  readonly run: () => void;
  /** Shown at the end of the line. */
  readonly keys?: string;
  readonly disabledReason?: string | undefined;
  /** Of a choice among several: whether it is the present one. */
  readonly isChosen?: boolean;
}

export interface MenuProps {
  /** The button that opens it. */
  readonly trigger: ReactElement;
  /** Groups with a line between them; a title stands over a group. */
  readonly groups: readonly { readonly title?: string; readonly items: readonly MenuItem[] }[];
}

/** Acts behind a button. */
export function Menu({ trigger, groups }: MenuProps) {
  return (
    <Base.Root modal={false}>
      <Base.Trigger render={trigger} />
      <Base.Portal>
        <Base.Positioner sideOffset={6} align="end" className="positioner">
          <Base.Popup className="menu">
            {groups.map((group, index) => (
              <Base.Group key={index} className="menu-group">
                {group.title !== undefined && <Base.GroupLabel className="menu-title">{group.title}</Base.GroupLabel>}
                {group.items.map((item, at) => (
                  <Item key={at} item={item} />
                ))}
              </Base.Group>
            ))}
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}

function Item({ item }: { readonly item: MenuItem }) {
  const { label, run, keys, disabledReason, isChosen } = item;
  const isChoice = isChosen !== undefined;
  return (
    <Base.Item
      className="menu-item"
      onClick={run}
      disabled={disabledReason !== undefined}
      title={disabledReason}
      {...(isChoice && { role: 'menuitemradio', 'aria-checked': isChosen })}
    >
      {isChoice && <Check className="icon" data-chosen={isChosen} aria-hidden />}
      <span>{label}</span>
      {keys !== undefined && <kbd>{keys}</kbd>}
    </Base.Item>
  );
}
