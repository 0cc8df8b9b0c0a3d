import { describe, expect, test } from '@jest/globals';
import { readAnnouncement, writeAnnouncement } from './announcement.ts';

const one = { merchantId: 'books-01', transactionId: 'order-1', text: '{"action":"approve","note":"a b\\n"}' };
const other = { merchantId: 'books-02', transactionId: 'order-2', text: '{}' };

describe('announced outcomes', () => {
  test.each([[[]], [[one]], [[one, other]]])('are read as they were written (%#)', (announced) => {
    expect(readAnnouncement(writeAnnouncement(announced))).toEqual(announced);
  });

  test('that are cut short, or none at all, are left out', () => {
    expect(readAnnouncement(`${writeAnnouncement([one])}\nbooks-02 order-2`)).toEqual([one]);
    expect(readAnnouncement('')).toEqual([]);
  });
});
