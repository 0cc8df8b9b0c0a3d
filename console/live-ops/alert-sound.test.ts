import { describe, expect, test } from '@jest/globals';
import { AlertSound, TONE_EVERY_MS } from './alert-sound.ts';

function openSound(isAllowed = true) {
  const tones: number[] = [];
  const sound = new AlertSound(() => {
    tones.push(1);
    return isAllowed;
  });
  return { sound, tones };
}

describe('the sound of the feed', () => {
  test('is off until the reader switches it on', () => {
    const { sound, tones } = openSound();
    sound.hear({ score: 1_000 }, true, 0);
    expect(tones).toHaveLength(0);
  });

  test('is played from the score that the reader has chosen, and for what they watch', () => {
    const { sound, tones } = openSound();
    sound.choose({ isOn: true, fromScore: 800 });
    sound.hear({ score: 799 }, false, 0);
    expect(tones).toHaveLength(0);
    sound.hear({ score: 800 }, false, 0);
    sound.hear({ score: 0 }, true, TONE_EVERY_MS);
    expect(tones).toHaveLength(2);
    sound.choose({ forWatched: false });
    sound.hear({ score: 0 }, true, 2 * TONE_EVERY_MS);
    expect(tones).toHaveLength(2);
  });

  test('is one tone every three seconds, however much comes', () => {
    const { sound, tones } = openSound();
    sound.choose({ isOn: true, fromScore: 0 });
    for (let atMs = 0; atMs < 60_000; atMs += 100) sound.hear({ score: 900 }, true, atMs);
    expect(tones).toHaveLength(20);
  });

  test('says that it waits where the browser plays nothing yet', () => {
    const { sound } = openSound(false);
    sound.choose({ isOn: true });
    sound.hear({ score: 900 }, false, 0);
    expect(sound.isWaiting.get()).toBe(true);
    sound.choose({ isOn: false });
    expect(sound.isWaiting.get()).toBe(false);
  });
});
