import { type DynamicModule, Module } from '@nestjs/common';
import type { CommandDesk } from './carry-out-command.ts';
import { COMMAND_DESK, CommandApiController } from './command-api.controller.ts';
import { ConsoleApiController } from './console-api.controller.ts';
import { JournalApiController } from './journal-api.controller.ts';
import { LEDGER_READS, LedgerApiController } from './ledger-api.controller.ts';
import { RECONCILIATION_DESK, ReconciliationApiController } from './reconciliation-api.controller.ts';
import type { ReconciliationDesk } from './reconciliation/reconciliation-desk.ts';
import type { LedgerReads } from './ledger-reads.ts';

export interface LedgerParts {
  readonly reads: LedgerReads;
  readonly desk: CommandDesk;
  readonly reconciliation: ReconciliationDesk;
}

/** The shell of the ledger: it is given finished parts and wires nothing itself. */
@Module({})
export class AppModule {
  static with({ reads, desk, reconciliation }: LedgerParts): DynamicModule {
    return {
      module: AppModule,
      controllers: [LedgerApiController, ConsoleApiController, JournalApiController, CommandApiController, ReconciliationApiController],
      providers: [
        { provide: LEDGER_READS, useValue: reads },
        { provide: COMMAND_DESK, useValue: desk },
        { provide: RECONCILIATION_DESK, useValue: reconciliation },
      ],
    };
  }
}
