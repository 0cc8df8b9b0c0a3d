import { type DynamicModule, Module } from '@nestjs/common';
import { AccountsController } from './accounts/accounts.controller.ts';
import { AuditController } from './audit/audit.controller.ts';
import { CONSOLE_PARTS, type ConsoleParts } from './console-parts.ts';
import { SessionController } from './session.controller.ts';
import { SessionsController } from './sessions.controller.ts';

/** The shell of realtime: it is given finished parts and wires nothing itself. */
@Module({})
export class AppModule {
  static with(parts: ConsoleParts): DynamicModule {
    return {
      module: AppModule,
      controllers: [SessionController, SessionsController, AccountsController, AuditController],
      providers: [{ provide: CONSOLE_PARTS, useValue: parts }],
    };
  }
}
