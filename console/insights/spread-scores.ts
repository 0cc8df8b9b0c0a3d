import type { Insights } from '@trancendos/contracts/archive';

type Bucket = Insights['scores'][number];

export interface ScoreBucket extends Bucket {
  /** As it is written: `50–99`, and `950–1000` for the last. */
  readonly range: string;
  /** Of all scored decisions, in percent; null where there are none. */
  readonly share: number | null;
  readonly before: number | null;
  /** What most payments of the bucket got. */
  readonly mostOften: 'approve' | 'review' | 'decline';
}

const SCORE_MAX = 1_000;

/** The buckets of scores with their shares, beside those of the time before. */
export function spreadScores({ scores }: Insights, before: Insights | undefined): ScoreBucket[] {
  const all = total(scores);
  const earlier = total(before?.scores ?? []);
  return scores.map((bucket, index) => {
    const same = before?.scores[index];
    return {
      ...bucket,
      range: `${bucket.from}–${bucket.to === SCORE_MAX ? SCORE_MAX : bucket.to - 1}`,
      share: all === 0 ? null : (100 * countOf(bucket)) / all,
      before: same === undefined || earlier === 0 ? null : (100 * countOf(same)) / earlier,
      mostOften: mostOf(bucket),
    };
  });
}

function total(buckets: readonly Bucket[]): number {
  return buckets.reduce((sum, bucket) => sum + countOf(bucket), 0);
}

function countOf({ approve, review, decline }: Bucket): number {
  return approve + review + decline;
}

function mostOf({ approve, review, decline }: Bucket): ScoreBucket['mostOften'] {
  if (decline > approve && decline >= review) return 'decline';
  return review > approve ? 'review' : 'approve';
}
