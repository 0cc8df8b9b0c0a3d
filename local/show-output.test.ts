import { describe, expect, test } from '@jest/globals';
import { showOutput } from './show-output.ts';

function shown(...chunks: string[]): string {
  let written = '';
  const show = showOutput({ write: (text) => (written += text), colour: false });
  for (const chunk of chunks) show('ledger', Buffer.from(chunk));
  return written;
}

const entry = (fields: object) => `${JSON.stringify({ 'log.level': 'warn', '@timestamp': '2026-11-26T05:00:07.123Z', ...fields })}\n`;

describe('what services write is shown', () => {
  test('as one readable line an entry, however it was cut into chunks', () => {
    const line = entry({
      message: 'chore failed',
      'service.name': 'ledger',
      'trancendos.chore': 'prune',
      'error.stack_trace': 'Error: x\n at y',
    });
    expect(shown(line.slice(0, 30), line.slice(30))).toBe('05:00:07.123 WARN ledger: chore failed chore=prune\n    Error: x\n     at y\n');
  });

  test('without the lines of single payments, which are in the files', () => {
    expect(shown(entry({ message: 'payment decided', 'event.action': 'payment-decided' }), entry({ message: 'deciding' }))).toBe(
      '05:00:07.123 WARN ledger: deciding\n',
    );
  });

  test('as it is where it is no entry of ours', () => {
    expect(shown('Error: out of memory\n{"log.level" broken\n')).toBe('Error: out of memory\n{"log.level" broken\n');
  });
});
