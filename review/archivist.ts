import type { Label } from '@trancendos/contracts/label';
import type { Decision } from '@trancendos/contracts/decision';
import type { Outcome } from '@trancendos/contracts/outcome';
import { nowMs, pause, toInstant } from '@trancendos/platform/clock';
import type { Received, Verdict } from '@trancendos/platform/consume';
import { metrics } from '@trancendos/platform/metrics';
import { positionOf, type ArchiveStore } from './archive-store.ts';

/** The topics that are archived. */
export const ARCHIVED_TOPICS = ['outcomes', 'labels', 'lateDecisions'] as const;
export type ArchivedTopic = (typeof ARCHIVED_TOPICS)[number];

export interface ArchivistOptions {
  readonly store: ArchiveStore;
  readonly retentionDays: number;
  /** From this many messages on the next batch is taken up at once. */
  readonly fullBatch: number;
  /** Otherwise a batch begins this long after the one before, so that few messages make few transactions. 0: at once. */
  readonly paceMs: number;
  /**
   * After a batch it rests that many times as long as it took, but not for longer than until it is `behindMostMs` behind: where processors
   * or the database are short a batch takes longer, and those who answer come first. Default 0: it does not rest.
   */
  readonly restFactor?: number;
  readonly behindMostMs?: number;
}

const OK: Verdict = { kind: 'ok' };
const KNOWN: Verdict = { kind: 'drop', reason: 'archived before' };
const TOO_OLD: Verdict = { kind: 'drop', reason: 'older than what is kept' };
const AHEAD: Verdict = { kind: 'reject', detail: 'committed_at lies more than two days ahead' };
const DAY_MS = 86_400_000;
const AHEAD_MAX_MS = 2 * DAY_MS;
/** Of one batch: a second instance may archive part of it meanwhile, and then again, after a rebalance. */
const TRIES_MAX = 5;

/** Archives what it is given, each message once however often it comes. */
export class Archivist {
  readonly #options: ArchivistOptions;
  /** Days whose partition is known to be there. */
  readonly #openDays = new Set<string>();

  constructor(options: ArchivistOptions) {
    this.#options = options;
  }

  /** One verdict a message. Rejects when the database does not answer: nothing, or all, of the batch is archived then. */
  async handle(batch: readonly Received<ArchivedTopic>[], signal: AbortSignal): Promise<Verdict[]> {
    const startedMs = nowMs();
    const verdicts = new Array<Verdict>(batch.length).fill(OK);
    const outcomes = new Map<string, Outcome>();
    const labels: Label[] = [];
    const lateDecisions = new Map<string, Decision>();
    const kept = { fromDay: firstKeptDay(this.#options.retentionDays, startedMs), toMs: startedMs + AHEAD_MAX_MS };
    batch.forEach((message, place) => {
      if (message.topic === 'labels') labels.push(message.value);
      else if (message.topic === 'lateDecisions') lateDecisions.set(message.value.decision_id, message.value);
      else {
        const position = positionOf(message.value);
        const verdict = outcomes.has(position) ? KNOWN : judge(message.value, kept);
        verdicts[place] = verdict;
        if (verdict === OK) outcomes.set(position, message.value);
      }
    });
    const known = await this.#archive(outcomes, { labels, lateDecisions: [...lateDecisions.values()] });
    batch.forEach((message, place) => {
      if (message.topic === 'outcomes' && known.has(positionOf(message.value))) verdicts[place] = KNOWN;
    });
    metrics.reviewBatchSeconds.observe({}, (nowMs() - startedMs) / 1000);
    metrics.reviewArchived.inc({ kind: 'decision' }, outcomes.size);
    metrics.reviewArchived.inc({ kind: 'label' }, labels.length);
    metrics.reviewArchived.inc({ kind: 'late_decision' }, lateDecisions.size);
    await pause(this.#restMs(batch, startedMs), signal);
    return verdicts;
  }

  /** How long it rests after a batch that it took up at `startedMs`. */
  #restMs(batch: readonly Received<ArchivedTopic>[], startedMs: number): number {
    const { fullBatch, paceMs, restFactor = 0, behindMostMs = 0 } = this.#options;
    const tookMs = nowMs() - startedMs;
    const paceLeftMs = batch.length < fullBatch ? Math.max(0, paceMs - tookMs) : 0;
    const behindMs = nowMs() - Math.min(...batch.map(({ sentAtMs }) => sentAtMs));
    return Math.max(paceLeftMs, Math.min(restFactor * tookMs, behindMostMs - behindMs));
  }

  /** Takes out of `outcomes` what has been archived before, and gives its positions. */
  async #archive(
    outcomes: Map<string, Outcome>,
    rest: { readonly labels: Label[]; readonly lateDecisions: Decision[] },
  ): Promise<ReadonlySet<string>> {
    const known = new Set<string>();
    for (let tries = 1; ; tries++) {
      const given = [...outcomes.values()];
      if (given.length + rest.labels.length + rest.lateDecisions.length === 0) return known;
      await this.#openDaysOf(given);
      if ((await this.#options.store.write({ outcomes: given, ...rest })) === 'written') return known;
      if (tries === TRIES_MAX) throw new Error('decisions of a batch go on being archived by somebody else');
      for (const position of await this.#options.store.findArchived(given)) if (outcomes.delete(position)) known.add(position);
    }
  }

  async #openDaysOf(outcomes: readonly Outcome[]): Promise<void> {
    for (const day of new Set(outcomes.map(({ committed_at }) => committed_at.slice(0, 10)))) {
      if (this.#openDays.has(day)) continue;
      await this.#options.store.openDays(day, day);
      this.#openDays.add(day);
    }
  }
}

function judge({ committed_at }: Outcome, { fromDay, toMs }: { readonly fromDay: string; readonly toMs: number }): Verdict {
  if (Date.parse(committed_at) > toMs) return AHEAD;
  return committed_at.slice(0, 10) < fromDay ? TOO_OLD : OK;
}

/** The first day (UTC) of which decisions are kept. */
export function firstKeptDay(retentionDays: number, atMs: number): string {
  return toInstant(atMs - retentionDays * DAY_MS).slice(0, 10);
}
