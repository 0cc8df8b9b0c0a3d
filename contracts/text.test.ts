import { expect, test } from '@jest/globals';
import { LedgerCommand } from './ledger-command.ts';
import { Text } from './text.ts';

test.each(['', 'café', '😀', '\n'])('%j is a text', (text) => {
  expect(Text.parse(text)).toBe(text);
});

test.each(['a\0b', 'a\u0007b', '\ud800', 'a\udc00b'])('%j is none, and no command carries it', (text) => {
  expect(Text.safeParse(text).success).toBe(false);
  const id = '01a217d3-c32c-7450-bdc6-4b1616902dc4';
  const command = { kind: 'void', command_id: `cmd_${id}`, hold_id: `tr_${id}`, requested_by: 'm', reason: 'why' };
  expect(LedgerCommand.safeParse(command).success).toBe(true);
  expect(LedgerCommand.safeParse({ ...command, reason: text }).success).toBe(false);
});
