import { expect, test } from '@jest/globals';
import { CAPABILITIES, CAPABILITIES_OF_ROLE, ROLES } from '@trancendos/contracts/session';
import { readSources } from './read-sources.ts';

test('the table of roles in docs/security.md is the one that decides', () => {
  const [{ text } = { text: '' }] = readSources(/^docs\/security\.md$/);
  const rows = text.split('\n').filter((line) => line.startsWith('| '));
  const cells = rows.map((row) =>
    row
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
  const expected = CAPABILITIES.map((capability) => [
    `\`${capability}\``,
    ...ROLES.map((role) => (CAPABILITIES_OF_ROLE[role].includes(capability) ? 'yes' : '')),
  ]);
  expect(cells.filter(([name]) => !/^-+$/.test(name ?? ''))).toEqual([['Capability', ...ROLES], ...expected]);
});
