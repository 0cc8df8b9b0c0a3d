import { describe, expect, test } from '@jest/globals';
import { CAPABILITIES, CAPABILITIES_OF_ROLE, capabilitiesOf, ROLES, UserName, type Capability, type Role } from './session.ts';

const rolesWith = (capability: Capability): Role[] => ROLES.filter((role) => CAPABILITIES_OF_ROLE[role].includes(capability));

describe('the capabilities of roles', () => {
  test('are of the list, each once', () => {
    for (const role of ROLES) {
      const given = CAPABILITIES_OF_ROLE[role];
      expect(new Set(given).size).toBe(given.length);
      expect(given.filter((capability) => !CAPABILITIES.includes(capability))).toEqual([]);
    }
  });

  test('leave no capability without a role', () => {
    expect(CAPABILITIES.filter((capability) => rolesWith(capability).length === 0)).toEqual([]);
  });

  test('let admins alone change what others may do', () => {
    expect(rolesWith('accounts:manage')).toEqual(['admin']);
    expect(rolesWith('sessions:revoke')).toEqual(['admin']);
  });

  test('let auditors read everything and change nothing', () => {
    const changing: Capability[] = ['sessions:revoke', 'accounts:manage'];
    expect(CAPABILITIES.filter((capability) => !CAPABILITIES_OF_ROLE.auditor.includes(capability))).toEqual(changing);
  });

  test('show the audit log to nobody but auditors and admins', () => {
    expect(rolesWith('audit:read')).toEqual(['auditor', 'admin']);
  });

  test('add up over the roles of a person, in one order and each once', () => {
    expect(capabilitiesOf(['ledger_ops', 'analyst'])).toEqual([
      'live:read',
      'decisions:read',
      'ledger:read',
      'ledger:export',
      'insights:read',
    ]);
    expect(capabilitiesOf([])).toEqual([]);
    expect(capabilitiesOf([...ROLES])).toEqual([...CAPABILITIES]);
  });
});

test('a name is one and the same, however it is typed', () => {
  expect(UserName.parse(' Ada@Example.com ')).toBe('ada@example.com');
  for (const name of ['', 'a', ' ', '.ada', 'ada lovelace', 'ada\u0000', 'x'.repeat(65)])
    expect(UserName.safeParse(name).success).toBe(false);
});
