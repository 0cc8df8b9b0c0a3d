import { describe, expect, test } from '@jest/globals';
import { vetTarget } from './vet-target.ts';

const resolveTo =
  (...addresses: string[]) =>
  () =>
    Promise.resolve(addresses.map((address) => ({ address })));

describe('a webhook', () => {
  test('goes to the very address that was vetted', async () => {
    const target = await vetTarget('https://shop.example.com/hook', {
      allowLoopback: false,
      resolve: resolveTo('93.184.215.14', '2606:2800::1'),
    });
    expect(target).toMatchObject({ address: '93.184.215.14', family: 4 });
  });

  test.each([
    '127.0.0.1',
    '10.1.2.3',
    '172.16.0.1',
    '192.168.1.1',
    '169.254.169.254',
    '100.64.0.1',
    '0.0.0.0',
    '224.0.0.1',
    '255.255.255.255',
    '::1',
    '::',
    'fe80::1',
    'fc00::1',
    '::ffff:127.0.0.1',
    '::ffff:10.0.0.1',
    '64:ff9b::7f00:1',
    '2002:7f00:1::',
    'ff02::1',
    '2001:db8::1',
  ])('is not sent to a host at %s, not even beside a public address', async (address) => {
    const options = { allowLoopback: false, resolve: resolveTo('93.184.215.14', address) };
    expect(await vetTarget('https://shop.example.com/', options)).toHaveProperty('refused');
  });

  test.each([
    'https://127.0.0.1/',
    'https://0x7f.1/',
    'https://2130706433/',
    'https://[::ffff:127.0.0.1]/',
    'https://[::1]/',
    'https://127.0.0.1./',
    'http://shop.example.com/',
    'ftp://shop.example.com/',
    'https://user:password@shop.example.com/',
    'not an address',
    '',
  ])('is not sent to %s', async (url) => {
    expect(await vetTarget(url, { allowLoopback: false, resolve: resolveTo('93.184.215.14') })).toHaveProperty('refused');
  });

  test('is not sent where the host cannot be resolved, or to nothing', async () => {
    const broken = () => Promise.reject(new Error('SERVFAIL'));
    expect(await vetTarget('https://shop.example.com/', { allowLoopback: false, resolve: broken })).toHaveProperty('refused');
    expect(await vetTarget('https://shop.example.com/', { allowLoopback: false, resolve: resolveTo() })).toHaveProperty('refused');
  });

  test('of a run on one machine may go to that machine, and to no neighbour', async () => {
    const options = { allowLoopback: true, resolve: resolveTo('10.0.0.1') };
    expect(await vetTarget('http://127.0.0.1:8099/hook', options)).toMatchObject({ address: '127.0.0.1' });
    expect(await vetTarget('http://shop.example.com/', options)).toHaveProperty('refused');
  });
});
