import type { AuditKind } from '@trancendos/contracts/audit';
import { nameCode } from '../wording/name-code.ts';

/** In English a kind is its own name. */
export const FRENCH_AUDIT_KINDS: Readonly<Record<AuditKind, string>> = {
  signed_in: 'Connexion',
  sign_in_failed: 'Connexion refusée',
  locked_out: 'Compte verrouillé',
  signed_out: 'Déconnexion',
  password_changed: 'Mot de passe changé',
  link_issued: 'Lien créé',
  link_used: 'Lien utilisé',
  account_created: 'Compte créé',
  account_changed: 'Compte modifié',
  account_unlocked: 'Compte déverrouillé',
  session_revoked: 'Session terminée',
  data_exported: 'Données exportées',
};

/** What an audited event was, in the reader's language: `Signed in`, `Connexion`; a kind that is not known yet in English. */
export function nameAuditKind(kind: string): string {
  return nameCode(kind, FRENCH_AUDIT_KINDS);
}
