import { describe, expect, test } from '@jest/globals';
import { PasswordHasher } from './hash-password.ts';

const PASSWORD = 'vier kleine graue Steine';

describe('a hashed password', () => {
  test('is argon2id with what OWASP recommends, salted, and fits its password alone', async () => {
    const hasher = new PasswordHasher();
    const [first, second] = [(await hasher.hash(PASSWORD))!, (await hasher.hash(PASSWORD))!];
    expect(first).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/);
    expect(first).not.toBe(second);
    expect(await hasher.verify(first, PASSWORD)).toEqual({ kind: 'fits', isOutdated: false });
    expect(await hasher.verify(first, `${PASSWORD} `)).toEqual({ kind: 'does_not_fit' });
  });

  test('fits however its characters are composed', async () => {
    const hasher = new PasswordHasher();
    const composed = (await hasher.hash('Z\u00fcrichsee im Mai'))!;
    expect((await hasher.verify(composed, 'Zu\u0308richsee im Mai')).kind).toBe('fits');
  });

  test('that cost less when it was made fits, and asks for a new one', async () => {
    // argon2id with 8 MiB and one pass
    const cheap = '$argon2id$v=19$m=8192,t=1,p=1$c29tZXNhbHRzb21lc2FsdA$cSdNdiFmCfsCNe0/Kwrm2mMtEyFRzdQS3qkYHDSjL3E';
    expect(await new PasswordHasher().verify(cheap, PASSWORD)).toEqual({ kind: 'fits', isOutdated: true });
  });

  test('that is none, or cannot be read, never fits', async () => {
    const hasher = new PasswordHasher();
    for (const stored of [undefined, '', 'plain', '$2b$10$abc'])
      expect(await hasher.verify(stored, PASSWORD)).toEqual({ kind: 'does_not_fit' });
  });

  test('takes as long to look at where there is none', async () => {
    const hasher = new PasswordHasher();
    const stored = (await hasher.hash(PASSWORD))!;
    const tookMs = async (against: string | undefined) => {
      const startedMs = performance.now();
      await hasher.verify(against, 'another one');
      return performance.now() - startedMs;
    };
    await hasher.verify(undefined, 'the decoy is made with the first look');
    // In turns, and the quickest of each: what else the machine does only adds to some of them.
    const [none, some] = [[] as number[], [] as number[]];
    for (let round = 0; round < 8; round++) {
      none.push(await tookMs(undefined));
      some.push(await tookMs(stored));
    }
    const ratio = Math.min(...none) / Math.min(...some);
    expect(ratio).toBeGreaterThan(0.4);
    expect(ratio).toBeLessThan(2.5);
  });
});

test('more than may wait are told that it is busy, and those that wait get their turn', async () => {
  const hasher = new PasswordHasher({ waitingMax: 2 });
  const hashes = await Promise.all(Array.from({ length: 9 }, () => hasher.hash(PASSWORD)));
  expect(hashes.map((hash) => hash !== undefined)).toEqual([true, true, true, ...Array<boolean>(6).fill(false)]);
  expect(await hasher.hash(PASSWORD)).toBeDefined();
});
