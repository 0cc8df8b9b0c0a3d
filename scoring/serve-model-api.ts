import 'reflect-metadata';
import type { AddressInfo } from 'node:net';
import type { NestApplicationOptions } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { Resource } from '@trancendos/platform/run';
import { AppModule } from './app.module.ts';
import type { ModelFacts } from './model.controller.ts';

const HOST = '127.0.0.1';
/** A failed start is told by `run`. */
const SHELL: Pick<NestApplicationOptions, 'logger' | 'abortOnError'> = { logger: false, abortOnError: false };

/** Serves `/v1/model`, `/v1/features` and `/v1/rules` to the other services; it takes nothing in. */
export async function serveModelApi(options: ModelFacts & { readonly port: number }): Promise<Resource & { readonly port: number }> {
  const adapter = new FastifyAdapter({ bodyLimit: 1_024, forceCloseConnections: true, skipMiddie: true });
  const app = await NestFactory.create<NestFastifyApplication>(AppModule.with(options), adapter, SHELL);
  await app.listen(options.port, HOST);
  const { port } = app.getHttpServer().address() as AddressInfo;
  return { port, stop: () => app.close() };
}
