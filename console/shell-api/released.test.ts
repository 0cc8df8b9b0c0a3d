import { describe, expect, test } from '@jest/globals';
import * as contract from '@trancendos/contracts/session';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as ui from '@trancendos/ui';
import * as shellApi from './index.ts';

/** Names that remotes may have been built against: a newer shell has them all. Additions are written here when they are released. */
const released = JSON.parse(readFileSync(join(import.meta.dirname, 'released.json'), 'utf8')) as Readonly<
  Record<'ui' | 'shell-api', string[]>
>;

describe('the contract with remotes', () => {
  test('keeps every name that it has given out, so that a remote built earlier runs in this shell', () => {
    expect(released['shell-api'].filter((name) => !(name in shellApi))).toEqual([]);
    expect(released.ui.filter((name) => !(name in ui))).toEqual([]);
  });

  test('has released what it gives out now', () => {
    expect(Object.keys(shellApi).filter((name) => !released['shell-api'].includes(name))).toEqual([]);
    expect(Object.keys(ui).filter((name) => !released.ui.includes(name))).toEqual([]);
  });

  test('names its headers as the gateway does', () => {
    expect([shellApi.CSRF_HEADER, shellApi.BACKGROUND_HEADER]).toEqual([contract.CSRF_HEADER, contract.BACKGROUND_HEADER]);
  });
});
