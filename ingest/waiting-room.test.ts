import { beforeEach, describe, expect, test } from '@jest/globals';
import { Moment } from './moment.ts';
import { WaitingRoom } from './waiting-room.ts';

let room: WaitingRoom;
const never = () => new Moment();

beforeEach(() => {
  room = new WaitingRoom({ capacity: 2, recentMax: 3 });
});

describe('the waiting room', () => {
  test('gives everybody who waits for a transaction its answer', async () => {
    const waiting = [room.wait('m t', never()), room.wait('m t', never()), room.wait('m other', Moment.after(1))];
    room.announce('m t', 'answer');
    expect(await Promise.all(waiting)).toEqual(['answer', 'answer', undefined]);
  });

  test('gives a late comer the answer that came a moment ago', async () => {
    room.announce('m t', 'answer');
    expect(await room.wait('m t', never())).toBe('answer');
    expect(room.recentAnswer('m t')).toBe('answer');
  });

  test('keeps the first of two answers', async () => {
    room.announce('m t', 'first');
    room.announce('m t', 'second');
    expect(await room.wait('m t', never())).toBe('first');
  });

  test('knows which answers are expected: until they come, or the last one who expects them has given up', () => {
    const forget = [room.expect('m t'), room.expect('m t')];
    expect([room.isExpected('m t'), room.isExpected('m other')]).toEqual([true, false]);
    forget[0]?.();
    expect(room.isExpected('m t')).toBe(true);
    forget[1]?.();
    expect(room.isExpected('m t')).toBe(false);
    room.expect('m t');
    room.announce('m t', 'answer');
    expect(room.isExpected('m t')).toBe(false);
  });

  test('lets somebody leave without disturbing the others', async () => {
    const impatient = new Moment();
    const leaving = room.wait('m t', impatient);
    const staying = room.wait('m t', never());
    impatient.come();
    expect(await leaving).toBeUndefined();
    room.announce('m t', 'answer');
    expect(await staying).toBe('answer');
  });

  test('takes no more than fit', () => {
    expect([room.enter(), room.enter(), room.enter()]).toEqual([true, true, false]);
    room.leave();
    expect(room.enter()).toBe(true);
  });

  test('keeps only the newest answers at hand', () => {
    for (const name of ['a', 'b', 'c', 'd']) room.announce(name, name);
    expect(['a', 'b', 'd'].map((name) => room.recentAnswer(name))).toEqual([undefined, 'b', 'd']);
  });
});
