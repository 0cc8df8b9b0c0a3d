import type { Account } from './account.ts';
import type { Cause, Transfer } from './transfer.ts';

/**
 * A transfer as it is hashed: everything that makes it what it is, as a JSON array without white space. Counters, amounts and offsets are
 * digits in a string, because they outgrow what a JSON number can hold; times are whole milliseconds since the epoch; what a transfer does
 * not have is null. docs/ledger-proofs.md lists the fields.
 *
 * Written by hand, at a third of what JSON.stringify takes: ids, kinds, topics and rates hold nothing that JSON escapes, and what a person
 * has written is in the cause, which many transfers share.
 */
export function leafText(transfer: Transfer): string {
  const { debtor, creditor, origin, relatedTo, fxRate, decisionId } = transfer;
  return (
    `["transfer/1","${transfer.id}","${transfer.kind}",${transfer.seq},${transfer.ledgerSeq},"${debtor.currency}","${transfer.amountMinor}",` +
    `${sideText(debtor)},${sideText(creditor)},${quoted(relatedTo)},${quoted(fxRate)},${transfer.effectiveAtMs},${transfer.committedAtMs},` +
    `"${origin.topic}",${origin.partition},"${origin.offset}",${quoted(decisionId)},${transfer.score},${causeText(transfer.cause)}]`
  );
}

function sideText(side: Account): string {
  return `"${side.id}",${side.version},"${side.debitsPosted}","${side.creditsPosted}","${side.debitsPending}","${side.creditsPending}"`;
}

function quoted(text: string | null): string {
  return text === null ? 'null' : `"${text}"`;
}

const causeTexts = new WeakMap<Cause, string>();

function causeText(cause: Cause): string {
  let text = causeTexts.get(cause);
  if (text === undefined) {
    const { actor, model, ruleset, requestedBy, approvedBy, reason } = cause;
    text = JSON.stringify([actor, model, ruleset, requestedBy, approvedBy, reason]).slice(1, -1);
    causeTexts.set(cause, text);
  }
  return text;
}
