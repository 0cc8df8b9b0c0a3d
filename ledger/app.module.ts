import { type DynamicModule, Module } from '@nestjs/common';
import { LEDGER_READS, LedgerApiController } from './ledger-api.controller.ts';
import type { LedgerReads } from './ledger-reads.ts';

/** The shell of the ledger: it is given finished parts and wires nothing itself. */
@Module({})
export class AppModule {
  static with(reads: LedgerReads): DynamicModule {
    return { module: AppModule, controllers: [LedgerApiController], providers: [{ provide: LEDGER_READS, useValue: reads }] };
  }
}
