import type { LedgerErrorCode } from '@trancendos/contracts/ledger-command';
import type { ReasonCode } from '@trancendos/contracts/reason-codes';
import { nameCode } from './name-code.ts';

type PlatformCode = 'decided_by_policy' | `sandbox_${'approve' | 'review' | 'decline' | 'blocked'}`;

/** Of the model, rules, ledger and platform. In English a code is its own name. */
const FRENCH: Readonly<Record<ReasonCode | LedgerErrorCode | PlatformCode, string>> = {
  amount_above_usual: 'Montant supérieur à l’habitude',
  amount_unusual: 'Montant inhabituel',
  amount_ordinary: 'Montant habituel',
  amount_above_limit: 'Montant au-dessus de la limite',
  amount_without_score: 'Montant élevé sans score',
  customer_changed: 'Payeur différent de l’habitude',
  customer_ordinary: 'Payeur comme d’habitude',
  velocity_above_usual: 'Plus de paiements que d’habitude',
  velocity_unusual: 'Nombre de paiements inhabituel',
  velocity_ordinary: 'Nombre de paiements habituel',
  too_many_payments: 'Trop de paiements',
  terminal_known_frauds: 'Fraudes connues au terminal',
  terminal_unusual: 'Terminal inhabituel',
  terminal_ordinary: 'Terminal ordinaire',
  terminal_mostly_fraud: 'Terminal surtout frauduleux',
  time_unusual: 'Moment inhabituel',
  time_ordinary: 'Moment habituel',
  list_blocked: 'Liste de blocage',
  list_allowed: 'Liste d’autorisation',
  list_watched: 'Liste de surveillance',
  business_rule: 'Règle métier',
  incident_rule: 'Règle d’incident',
  account_unknown: 'Compte inconnu',
  account_exists: 'Compte déjà ouvert',
  account_frozen: 'Compte gelé',
  account_closed: 'Compte fermé',
  account_not_empty: 'Compte non vide',
  same_account: 'Même compte des deux côtés',
  currency_mismatch: 'Devises différentes',
  amount_not_whole: 'Montant non entier',
  amount_not_positive: 'Montant nul ou négatif',
  amount_too_large: 'Montant trop grand',
  insufficient_funds: 'Fonds insuffisants',
  ledger_capacity_reached: 'Capacité du compte atteinte',
  velocity_exceeded: 'Limite de paiements dépassée',
  hold_unknown: 'Retenue inconnue',
  hold_captured: 'Retenue encaissée',
  hold_voided: 'Retenue levée',
  hold_expired: 'Retenue expirée',
  capture_exceeds_hold: 'Encaissement supérieur à la retenue',
  expiry_in_past: 'Échéance impossible',
  transfer_unknown: 'Transfert inconnu',
  not_reversible: 'Non réversible',
  reversal_of_reversal: 'Annulation d’une annulation',
  already_reversed: 'Déjà annulé',
  reversal_exceeds_transfer: 'Annulation supérieure au transfert',
  rate_mismatch: 'Taux incohérent',
  reason_missing: 'Motif manquant',
  approval_by_requester: 'Approbation par le demandeur',
  id_reused: 'Identifiant réutilisé',
  id_in_future: 'Identifiant dans le futur',
  epoch_stale: 'Époque périmée',
  decided_by_policy: 'Décidé par la règle du commerçant',
  sandbox_approve: 'Bac à sable : accepter',
  sandbox_review: 'Bac à sable : examiner',
  sandbox_decline: 'Bac à sable : refuser',
  sandbox_blocked: 'Bac à sable : bloquer',
};

/** A reason's code in words of the reader's language: `Insufficient funds`, `Fonds insuffisants`; a code that is not known yet in English. */
export function nameReason(code: string): string {
  return nameCode(code, FRENCH);
}
