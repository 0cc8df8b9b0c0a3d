import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { AUDIT_KINDS } from '@trancendos/contracts/audit';
import { AccountKind } from '@trancendos/contracts/balance';
import { LIST_KINDS } from '@trancendos/contracts/control';
import { FEATURE_COUNT, featureIndex, FEATURES, type FeatureName } from '@trancendos/models/features/declare-features';
import { wordReasons } from '@trancendos/scoring/word-reasons';
import { repositoryRoot } from './read-sources.ts';

/** What the console says, read from its sources: it is built by itself, and is no part of this project's types. */
const load = async <T>(path: string) => (await import(join(repositoryRoot, 'console', path))) as T;
const { locale } = await load<{ locale: { set: (language: 'en' | 'fr') => void } }>('ui/locale.ts');
const { wordReason } = await load<{ wordReason: (reason: { message: string }) => string }>('wording/word-reason.ts');
const { FRENCH_FEATURES } = await load<{ FRENCH_FEATURES: Record<string, string> }>('live-ops/feature-words.ts');
const { FRENCH_AUDIT_KINDS } = await load<{ FRENCH_AUDIT_KINDS: object }>('governance/name-audit-kind.ts');
const { FRENCH_ACCOUNT_KINDS } = await load<{ FRENCH_ACCOUNT_KINDS: object }>('ledger/name-account-kind.ts');
const { FRENCH_LIST_KINDS } = await load<{ FRENCH_LIST_KINDS: object }>('governance/name-list-kind.ts');

const say = (language: 'en' | 'fr', message: string) => {
  locale.set(language);
  return wordReason({ message });
};

describe('the console in French', () => {
  test('has words for every feature that is declared, and for no other', () => {
    expect(Object.keys(FRENCH_FEATURES).sort()).toEqual(FEATURES.map(({ name }) => name).sort());
  });

  test('has words for every kind of audited event, list and account, and for no other', () => {
    expect(Object.keys(FRENCH_AUDIT_KINDS)).toEqual([...AUDIT_KINDS]);
    expect(Object.keys(FRENCH_ACCOUNT_KINDS)).toEqual(AccountKind.options);
    expect(Object.keys(FRENCH_LIST_KINDS)).toEqual([...LIST_KINDS]);
  });

  test('words every fact that the model gives as a reason, and in English says it as it came', () => {
    const weights = { amount: 1, velocity: 1, terminal: -1, customer: 1, time: -1 };
    fc.assert(
      fc.property(drawnFeatures, fc.option(fc.constant('T-1'), { nil: undefined }), (features, terminal) => {
        const transaction = { occurred_at: '2026-03-02T10:00:00Z', ...(terminal !== undefined && { terminal_id: terminal }) };
        for (const { message } of wordReasons(weights, { features, transaction })) {
          expect(say('en', message)).toBe(message.replace('in a day', 'in 1 day').replace(' 1 payments', ' 1 payment'));
          expect(say('fr', message)).not.toBe(message);
        }
      }),
    );
  });

  test("words what the platform's own rules say", () => {
    const rules = readFileSync(join(repositoryRoot, 'scoring', 'rules', 'base-ruleset.json'), 'utf8');
    const messages = [...rules.matchAll(/"message": "([^"]+)"/g)].map((match) => match[1] ?? '');
    expect(messages.length).toBeGreaterThan(3);
    for (const message of messages) {
      const stated = message.replace('{terminal_id_risk_7day_window}', '60 %').replaceAll(/\{[a-z_0-9]+\}/g, '12.5');
      expect(say('fr', stated)).not.toBe(stated);
    }
  });

  test('words every fact with which the ledger refuses the money of a decision', () => {
    const facts = ['move-money.ts', 'apply-decision.ts', 'refusal.ts'].flatMap((file) => {
      const source = readFileSync(join(repositoryRoot, 'ledger', file), 'utf8');
      return [...source.matchAll(/refuse\([^`;]*'[a-z_]+',\s*`([^`]+)`/g)].map(([, fact = '']) => fact);
    });
    expect(facts.length).toBeGreaterThan(6);
    for (const fact of facts) {
      const stated = fact.replaceAll(/\$\{([^}]+)\}/g, (_, value: string) => LEDGER_VALUES.find(([name]) => name.test(value))?.[1] ?? '12');
      expect(say('en', stated)).toBe(stated);
      expect(say('fr', stated)).not.toBe(stated);
    }
  });

  test('leaves a message that somebody has written as it is', () => {
    expect(say('fr', 'gift cards, twice in a row')).toBe('gift cards, twice in a row');
  });

  test.each([
    ['249.00, usually 61.20', '249,00 (d’habitude 61,20)'],
    ['1249.00 EUR needed, -3.20 available', 'il faut 1249,00 EUR, -3,20 EUR sont disponibles'],
    [
      '1 known fraud among 40 payments in a day up to a week ago, usually none',
      '1 fraude connue sur 40 paiements en 1 jour jusqu’à il y a une semaine (d’habitude aucune)',
    ],
    ['the card is on the list stolen-cards', 'la carte figure sur la liste stolen-cards'],
    ['Monday 10:00 UTC, by day', 'lundi 10:00 UTC, de jour'],
  ])('says %p', (message, french) => expect(say('fr', message)).toBe(french));
});

/** What stands for the values of the ledger's facts that are no numbers. */
const LEDGER_VALUES: readonly (readonly [name: RegExp, value: string])[] = [
  [/inMajorUnits/, '12.00'],
  [/currency$/, 'EUR'],
  [/id$/, 'customer:ACC-1:EUR'],
  [/^window$/, '24h'],
  [/^status$/, 'frozen'],
];

/** Whole vectors, as wide apart as what words depend on. */
const drawnFeatures = fc
  .record({
    amount: fc.integer({ min: 1, max: 900_000 }),
    usual: fc.integer({ min: 0, max: 50_000 }),
    raised: fc.integer({ min: 0, max: 9 }),
    odds: fc.double({ min: -12, max: 6, noNaN: true }),
    counts: fc.array(fc.integer({ min: 0, max: 60 }), { minLength: 5, maxLength: 5 }),
    frauds: fc.integer({ min: 0, max: 3 }),
    flags: fc.tuple(fc.boolean(), fc.boolean()),
  })
  .map(({ amount, usual, raised, odds, counts: [today = 0, month = 0, day = 0, week = 0, long = 0], frauds, flags: [night, weekend] }) => {
    const features = new Float64Array(FEATURE_COUNT);
    const set = (name: FeatureName, value: number) => (features[featureIndex(name)] = value);
    set('tx_amount', amount / 100);
    set('customer_usual_amount', usual / 100);
    set('customer_amount_to_usual', usual === 0 ? 1 : amount / usual);
    set('customer_raised_payments_14day', raised);
    set('customer_spell_log_odds', odds);
    set('customer_id_nb_tx_1day_window', today + 1);
    set('customer_id_nb_tx_30day_window', today + 1 + month);
    set('terminal_id_nb_tx_1day_window', day);
    set('terminal_id_nb_tx_7day_window', day + week);
    set('terminal_id_nb_tx_30day_window', day + week + long);
    set('terminal_id_risk_1day_window', day === 0 ? 0 : Math.min(frauds, day) / day);
    set('terminal_id_risk_7day_window', day + week === 0 ? 0 : Math.min(frauds, day + week) / (day + week));
    set('tx_during_night', night ? 1 : 0);
    set('tx_during_weekend', weekend ? 1 : 0);
    return features;
  });
