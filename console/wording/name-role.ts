import type { Role } from '@trancendos/contracts/session';
import { defineMessages, messagesOf } from '@trancendos/shell-api';

const ROLE_NAMES = defineMessages({
  en: {
    analyst: 'analyst',
    lead: 'lead',
    risk_manager: 'risk manager',
    ledger_ops: 'ledger operations',
    auditor: 'auditor',
    admin: 'admin',
  } satisfies Record<Role, string>,
  fr: {
    analyst: 'analyste',
    lead: 'responsable',
    risk_manager: 'gestion du risque',
    ledger_ops: 'opérations',
    auditor: 'audit',
    admin: 'administration',
  },
});

/** Roles in the reader's language, as one text; one that a newer gateway has is named as it names it. */
export function nameRoles(roles: readonly string[]): string {
  const text = messagesOf(ROLE_NAMES);
  return roles.map((role) => (Object.hasOwn(text, role) ? text[role as Role] : role)).join(', ');
}
