import type { Role } from '@trancendos/contracts/session';
import { useMessages } from '@trancendos/shell-api';
import { ACCOUNT_MESSAGES } from './account-messages.ts';

/** As contracts/session.ts has them: a validator does not belong into a page. */
const ROLES = ['analyst', 'lead', 'risk_manager', 'ledger_ops', 'auditor', 'admin'] as const satisfies readonly Role[];

export interface RoleBoxesProps {
  readonly chosen: readonly Role[];
  readonly onChosen: (roles: readonly Role[]) => void;
}

/** What somebody does, to be ticked. */
export function RoleBoxes({ chosen, onChosen }: RoleBoxesProps) {
  const text = useMessages(ACCOUNT_MESSAGES);
  const toggle = (role: Role) => onChosen(ROLES.filter((each) => (each === role ? !chosen.includes(each) : chosen.includes(each))));
  return (
    <fieldset className="governance-roles">
      <legend className="second">{text.roles}</legend>
      {ROLES.map((role) => (
        <label key={role}>
          <input type="checkbox" checked={chosen.includes(role)} onChange={() => toggle(role)} /> {text[`role_${role}`]}
        </label>
      ))}
    </fieldset>
  );
}
