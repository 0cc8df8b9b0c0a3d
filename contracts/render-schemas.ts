import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import * as account from './account.ts';
import * as archive from './archive.ts';
import { ApiKeyAnswer, ApiKeysAnswer, NewApiKey, NewApiKeyAnswer } from './api-key.ts';
import { AuditPage } from './audit.ts';
import { ConsoleProblem } from './console-problem.ts';
import { HistoryAnswer, HistoryProgress, LabelAnswer, LabelsAnswer, LedgerSummary, Problem, TransactionAnswer } from './http.ts';
import { LabelRequest } from './label.ts';
import * as ledger from './ledger.ts';
import { CommandAnswer } from './ledger-command.ts';
import * as reconciliation from './reconciliation.ts';
import { CaptureRequest, OperationAnswer, OperationsAnswer, RefundRequest, VoidRequest } from './operation.ts';
import { renderOpenApi } from './render-openapi.ts';
import * as session from './session.ts';
import { MerchantSettings, SettingsAnswer } from './settings.ts';
import * as socket from './socket.ts';
import { Ruleset } from './ruleset.ts';
import { ActiveDrift, ScoringProblem } from './scoring-http.ts';
import { topics } from './topics.ts';
import { HistoryRecord, TransactionRequest } from './transaction.ts';
import {
  NewWebhookEndpoint,
  WebhookDeliveriesAnswer,
  WebhookEndpointAnswer,
  WebhookEndpointsAnswer,
  WebhookEvent,
  WebhookSecretAnswer,
} from './webhook.ts';

const messages = {
  'transaction-request': TransactionRequest,
  'transaction-answer': TransactionAnswer,
  'capture-request': CaptureRequest,
  'void-request': VoidRequest,
  'refund-request': RefundRequest,
  'operation-answer': OperationAnswer,
  'operations-answer': OperationsAnswer,
  'history-record': HistoryRecord,
  'history-answer': HistoryAnswer,
  'history-progress': HistoryProgress,
  'label-request': LabelRequest,
  'label-answer': LabelAnswer,
  'labels-answer': LabelsAnswer,
  'new-api-key': NewApiKey,
  'new-api-key-answer': NewApiKeyAnswer,
  'api-keys-answer': ApiKeysAnswer,
  'api-key-answer': ApiKeyAnswer,
  'merchant-settings': MerchantSettings,
  'settings-answer': SettingsAnswer,
  'new-webhook-endpoint': NewWebhookEndpoint,
  'webhook-endpoint-answer': WebhookEndpointAnswer,
  'webhook-secret-answer': WebhookSecretAnswer,
  'webhook-endpoints-answer': WebhookEndpointsAnswer,
  'webhook-deliveries-answer': WebhookDeliveriesAnswer,
  'webhook-event': WebhookEvent,
  problem: Problem,
  'ledger-summary': LedgerSummary,
  'command-answer': CommandAnswer,
  'ledger-account': ledger.LedgerAccount,
  'ledger-account-page': ledger.LedgerAccountPage,
  'ledger-balances': ledger.BalanceList,
  'ledger-balance-at': ledger.BalanceAt,
  'ledger-statement': ledger.StatementPage,
  'ledger-transfer': ledger.LedgerTransfer,
  'ledger-transfer-page': ledger.LedgerTransferPage,
  'ledger-proof': ledger.TransferProof,
  'ledger-batch': ledger.LedgerBatch,
  'ledger-hold': ledger.LedgerHold,
  'ledger-hold-page': ledger.LedgerHoldPage,
  'ledger-trail': ledger.MoneyTrail,
  'ledger-trial-balance': ledger.TrialBalance,
  'ledger-invariants': ledger.InvariantReport,
  'settlement-file': reconciliation.SettlementFile,
  'settlement-file-page': reconciliation.SettlementFilePage,
  'settlement-line-page': reconciliation.SettlementLinePage,
  'reconciliation-report': reconciliation.ReconciliationReport,
  'archive-problem': archive.ArchiveProblem,
  'archived-decision': archive.ArchivedDecision,
  'decision-page': archive.DecisionPage,
  'entity-profile': archive.EntityProfile,
  insights: archive.Insights,
  ruleset: Ruleset,
  'scoring-problem': ScoringProblem,
  'active-drift': ActiveDrift,
  'console-problem': ConsoleProblem,
  'session-answer': session.SessionAnswer,
  'session-list': session.SessionList,
  'sign-in-ways': session.SignInWays,
  'sign-in-request': session.SignInRequest,
  'password-change': session.PasswordChange,
  'link-question': session.LinkQuestion,
  'link-answer': session.LinkAnswer,
  'set-up-request': session.SetUpRequest,
  'revocation-answer': session.RevocationAnswer,
  'account-list': account.AccountList,
  'account-with-link': account.AccountWithLink,
  'account-change': account.AccountChange,
  'new-account': account.NewAccount,
  'audit-page': AuditPage,
  'socket.hello': socket.Hello,
  'socket.snapshot': socket.Snapshot,
  'socket.frame': socket.Frame,
  'socket.pace': socket.Pace,
  'socket.refused': socket.Refused,
  'socket.subscribe': socket.Subscribe,
  'socket.unsubscribe': socket.Unsubscribe,
  'socket.ack': socket.Acknowledge,
  'socket.watch-accounts': socket.WatchAccounts,
  'socket.watch-entities': socket.WatchEntities,
};

/** Every shape that leaves a process as JSON Schema (draft 2020-12): file name and text, in a fixed order. */
export function renderSchemas(): [name: string, text: string][] {
  const shapes: [string, z.ZodType][] = [
    ...Object.values(topics).map((topic): [string, z.ZodType] => [`topic.${topic.name}`, topic.schema]),
    ...Object.entries(messages),
  ];
  const texts = shapes.map(([name, schema]): [string, string] => [`${name}.json`, JSON.stringify(z.toJSONSchema(schema), null, 2) + '\n']);
  return [...texts, ['openapi.json', renderOpenApi()]];
}

/** The folder `contracts/schemas`, from the sources as well as from `dist`. */
export function schemasFolder(): string {
  let folder = import.meta.dirname;
  while (!existsSync(join(folder, 'package.json'))) folder = dirname(folder);
  return join(folder, 'schemas');
}
