import { type DynamicModule, Module } from '@nestjs/common';
import { CONSOLE_PARTS, type ConsoleParts } from './console-parts.ts';
import { LedgerController } from './ledger.controller.ts';
import { SessionController } from './session.controller.ts';
import { SessionGuard } from './session.guard.ts';

/** The shell of realtime: it is given finished parts and wires nothing itself. */
@Module({})
export class AppModule {
  static with(parts: ConsoleParts): DynamicModule {
    return {
      module: AppModule,
      controllers: [SessionController, LedgerController],
      providers: [{ provide: CONSOLE_PARTS, useValue: parts }, SessionGuard],
    };
  }
}
