import type { ArchivedDecision, DecisionPage, EntityProfile, EntityType, Insights } from '@trancendos/contracts/archive';
import { nowMs } from '@trancendos/platform/clock';
import type pg from 'pg';
import { firstKeptDay } from './archivist.ts';
import { findDecision, findTransaction } from './find-decision.ts';
import { readEntity } from './read-entity.ts';
import { readInsights, type InsightsQuery } from './read-insights.ts';
import { searchDecisions, type DecisionSearch } from './search-decisions.ts';

export const ARCHIVE_READS = Symbol('what can be asked of the archive');

/** Everything that can be asked of the archive. Ids that are not known give undefined. */
export interface ArchiveReads {
  decision(decisionId: string): Promise<ArchivedDecision | undefined>;
  transaction(merchantId: string, transactionId: string): Promise<ArchivedDecision | undefined>;
  search(search: Omit<DecisionSearch, 'keptSince'>): Promise<DecisionPage>;
  entity(type: EntityType, id: string): Promise<EntityProfile | undefined>;
  insights(query: Omit<InsightsQuery, 'minutesSinceMs'>): Promise<Insights>;
}

export interface ReadParts {
  readonly pool: Pick<pg.Pool, 'query'>;
  readonly retentionDays: number;
}

export function openReads({ pool, retentionDays }: ReadParts): ArchiveReads {
  const keptSince = () => `${firstKeptDay(retentionDays, nowMs())}T00:00:00.000Z`;
  return {
    decision: (decisionId) => findDecision(pool, decisionId),
    transaction: (merchantId, transactionId) => findTransaction(pool, merchantId, transactionId),
    search: (search) => searchDecisions(pool, { ...search, keptSince: keptSince() }),
    entity: (type, id) => readEntity(pool, { type, id, keptSince: keptSince() }),
    insights: (query) => readInsights(pool, { ...query, minutesSinceMs: Date.parse(keptSince()) }),
  };
}
