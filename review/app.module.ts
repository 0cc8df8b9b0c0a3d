import { type DynamicModule, Module } from '@nestjs/common';
import type { ArchiveReads } from './archive-reads.ts';
import { ARCHIVE_READS, DecisionsApiController } from './decisions-api.controller.ts';

export interface ReviewParts {
  readonly reads: ArchiveReads;
}

/** The shell of review: it is given finished parts and wires nothing itself. */
@Module({})
export class AppModule {
  static with({ reads }: ReviewParts): DynamicModule {
    return { module: AppModule, controllers: [DecisionsApiController], providers: [{ provide: ARCHIVE_READS, useValue: reads }] };
  }
}
