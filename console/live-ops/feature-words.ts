import type { FeatureCatalogue } from '@trancendos/contracts/scoring-http';
import { locale } from '@trancendos/ui';

const LABELLED = 'jusqu’au délai des étiquettes';
const USUAL_FRAUDS = (days: number) =>
  `Fraudes connues en ${days} jours que le montant seul n’aurait pas montrées : signe que le terminal lui-même est compromis.`;

/** What each feature means, in French; the English words come with the features themselves. */
export const FRENCH_FEATURES: Readonly<Record<string, string>> = {
  tx_amount: 'Montant en unités de sa devise ; les devises ne sont pas converties entre elles.',
  tx_during_weekend: 'Si le paiement a eu lieu un week-end.',
  tx_during_night: 'Si le paiement a eu lieu la nuit.',
  customer_id_nb_tx_1day_window: 'Nombre de paiements du payeur en 1 jour.',
  customer_id_avg_amount_1day_window: 'Ce que le payeur a payé en moyenne en 1 jour.',
  customer_id_nb_tx_7day_window: 'Nombre de paiements du payeur en 7 jours.',
  customer_id_avg_amount_7day_window: 'Ce que le payeur a payé en moyenne en 7 jours.',
  customer_id_nb_tx_30day_window: 'Nombre de paiements du payeur en 30 jours.',
  customer_id_avg_amount_30day_window: 'Ce que le payeur a payé en moyenne en 30 jours.',
  terminal_id_nb_tx_1day_window: `Nombre de paiements au terminal en 1 jour, ${LABELLED}.`,
  terminal_id_risk_1day_window: `Part des paiements au terminal en 1 jour, ${LABELLED}, connue comme fraude.`,
  terminal_id_nb_tx_7day_window: `Nombre de paiements au terminal en 7 jours, ${LABELLED}.`,
  terminal_id_risk_7day_window: `Part des paiements au terminal en 7 jours, ${LABELLED}, connue comme fraude.`,
  terminal_id_nb_tx_30day_window: `Nombre de paiements au terminal en 30 jours, ${LABELLED}.`,
  terminal_id_risk_30day_window: `Part des paiements au terminal en 30 jours, ${LABELLED}, connue comme fraude.`,
  customer_payments: 'Nombre de paiements du payeur vus auparavant.',
  customer_payments_per_day: 'Nombre de paiements par jour sur toute l’histoire du payeur.',
  customer_days_since_last: 'Temps écoulé depuis le dernier paiement du payeur.',
  customer_usual_amount: 'Ce que le payeur paie d’habitude ; de gros paiements isolés n’y changent rien.',
  customer_amount_to_usual: 'Ce montant rapporté au montant habituel.',
  customer_amount_to_median: 'Ce montant rapporté à la médiane du payeur.',
  customer_amount_to_p95: 'Ce montant rapporté à celui qu’un paiement sur vingt seulement dépasse.',
  customer_amount_rank: 'Rang du montant parmi ceux du payeur.',
  customer_raised_payments_3day: 'Nombre de paiements bien au-dessus de l’habitude en 3 jours.',
  customer_raised_payments_7day: 'Nombre de paiements bien au-dessus de l’habitude en 7 jours.',
  customer_raised_payments_14day: 'Nombre de paiements bien au-dessus de l’habitude en 14 jours.',
  customer_excess_14day: 'De combien les paiements de deux semaines ont dépassé l’habitude, ensemble.',
  customer_highest_ratio_14day: 'Le paiement le plus inhabituel de deux semaines.',
  terminal_usual_frauds_3day: USUAL_FRAUDS(3),
  terminal_usual_frauds_7day: USUAL_FRAUDS(7),
  terminal_usual_frauds_30day: USUAL_FRAUDS(30),
  terminal_days_since_usual_fraud: 'Temps écoulé depuis la dernière fraude de ce genre.',
  terminal_days_since_first_usual_fraud: 'Depuis combien de temps de telles fraudes ont lieu.',
  terminal_genuine_since_usual_fraud: 'Nombre de paiements authentiques depuis : signe que c’est fini.',
  terminal_usual_fraud_run: 'Nombre de telles fraudes à la suite, en dernier, au terminal.',
  terminal_days_since_known: 'Fraîcheur de ce que l’on sait du terminal.',
  terminal_usual_fraud_run_days: 'Depuis quand on n’y apprend plus que des fraudes : plus c’est long, plus la fin est proche.',
  terminal_days_since_genuine: 'Quand le terminal a été vu sain pour la dernière fois.',
  terminal_days_since_fraud: 'Temps écoulé depuis la dernière fraude, quelle qu’elle soit.',
  customer_expected_amount: 'Ce que l’on attend du payeur, ramené vers ce que font tous les payeurs tant qu’on en sait peu.',
  customer_amount_to_expected: 'Ce montant rapporté au montant attendu.',
  customer_expected_amount_spread: 'Incertitude sur le montant attendu.',
  customer_theft_likelihood: 'De combien le montant convient mieux à un voleur qu’au payeur.',
  customer_theft_log_odds: 'Probabilité que ce paiement soit celui d’un voleur.',
  customer_spell_log_odds: 'Probabilité que la carte soit volée en ce moment.',
  customer_known_spell_log_odds: 'Probabilité que la carte ait été volée, aussi loin que vont les étiquettes.',
  customer_spell_days_left: 'Combien de temps une carte volée servirait encore.',
  customer_unlabelled_evidence: 'Ce que disent ensemble les montants sans étiquette.',
  customer_unlabelled_peak: 'Le paiement sans étiquette le plus suspect.',
  customer_unlabelled_payments: 'Nombre de paiements qui attendent leur étiquette.',
  terminal_compromise_log_odds: 'Probabilité que le terminal soit compromis en ce moment.',
  terminal_known_compromise_log_odds: 'Probabilité que le terminal ait été compromis, aussi loin que vont les étiquettes.',
  terminal_spell_days_left: 'Combien de temps un terminal compromis le resterait encore.',
};

/** What a feature means, in the reader's language; in English where nobody has said it in French yet. */
export function wordFeature({ name, description }: Pick<FeatureCatalogue['features'][number], 'name' | 'description'>): string {
  const french = Object.hasOwn(FRENCH_FEATURES, name) ? FRENCH_FEATURES[name] : undefined;
  return locale.get() === 'fr' && french !== undefined ? french : description;
}
