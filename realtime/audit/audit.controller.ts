import { Controller, Get, Inject, Query } from '@nestjs/common';
import { AuditQuery, type AuditPage } from '@trancendos/contracts/audit';
import { CONSOLE_PARTS, type ConsoleParts } from '../console-parts.ts';
import { readInput } from '../read-input.ts';
import { readAudit } from './read-audit.ts';

/** What happened, for those who look after that. */
@Controller('api/audit')
export class AuditController {
  readonly #parts: ConsoleParts;

  constructor(@Inject(CONSOLE_PARTS) parts: ConsoleParts) {
    this.#parts = parts;
  }

  @Get()
  page(@Query() query: unknown): Promise<AuditPage> {
    return readAudit(this.#parts.postgres.pool, readInput(AuditQuery, query));
  }
}
