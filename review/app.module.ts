import { type DynamicModule, Module } from '@nestjs/common';
import { ARCHIVE_READS, type ArchiveReads } from './archive-reads.ts';
import { DecisionsApiController } from './decisions-api.controller.ts';
import { InsightsApiController } from './insights-api.controller.ts';

export interface ReviewParts {
  readonly reads: ArchiveReads;
}

/** The shell of review: it is given finished parts and wires nothing itself. */
@Module({})
export class AppModule {
  static with({ reads }: ReviewParts): DynamicModule {
    return {
      module: AppModule,
      controllers: [DecisionsApiController, InsightsApiController],
      providers: [{ provide: ARCHIVE_READS, useValue: reads }],
    };
  }
}
