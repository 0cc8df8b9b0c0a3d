import { Select as Base } from '@base-ui/react/select';
import { Check, ChevronDown } from 'lucide-react';

export interface SelectProps<V extends string> {
  readonly label: string;
  readonly value: V;
  readonly options: readonly { readonly value: V; readonly label: string }[];
  readonly onValue: (value: V) => void;
}

/** One of a few. The label stands before the value, inside the field. */
export function Select<V extends string>({ label, value, options, onValue }: SelectProps<V>) {
  const shown = options.find((option) => option.value === value)?.label ?? value;
  return (
    <Base.Root value={value} onValueChange={(next) => next !== null && onValue(next)} modal={false}>
      <Base.Trigger className="select" aria-label={`${label}: ${shown}`}>
        <span className="text-muted">{label}</span>
        <Base.Value className="select-value">{shown}</Base.Value>
        <ChevronDown className="icon" aria-hidden />
      </Base.Trigger>
      <Base.Portal>
        <Base.Positioner sideOffset={6} className="positioner" alignItemWithTrigger={false}>
          <Base.Popup className="menu">
            {options.map((option) => (
              <Base.Item key={option.value} value={option.value} className="menu-item">
                <Check className="icon" data-chosen={option.value === value} aria-hidden />
                <Base.ItemText>{option.label}</Base.ItemText>
              </Base.Item>
            ))}
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}
