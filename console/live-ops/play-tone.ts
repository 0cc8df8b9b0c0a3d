const PITCHES_HZ = [660, 880] as const;
const NOTE_S = 0.09;
const LOUDNESS = 0.08;

let context: AudioContext | undefined;

/**
 * Two short rising notes, synthesised here. Browsers let a page sound only after somebody has touched it: until then nothing is played, not
 * even later, and the answer is false.
 */
export function playTone(): boolean {
  if (!navigator.userActivation.hasBeenActive) return false;
  context ??= new AudioContext();
  if (context.state === 'suspended') void context.resume();
  PITCHES_HZ.forEach((pitch, index) => playNote(context as AudioContext, pitch, index * NOTE_S));
  return true;
}

/** A note that swells and fades, because an edge would crack. */
function playNote(audio: AudioContext, pitchHz: number, delayS: number): void {
  const oscillator = new OscillatorNode(audio, { type: 'sine', frequency: pitchHz });
  const gain = new GainNode(audio, { gain: 0 });
  const startS = audio.currentTime + delayS;
  gain.gain.linearRampToValueAtTime(0, startS);
  gain.gain.linearRampToValueAtTime(LOUDNESS, startS + 0.01);
  gain.gain.linearRampToValueAtTime(0, startS + NOTE_S);
  oscillator.connect(gain).connect(audio.destination);
  oscillator.start(startS);
  oscillator.stop(startS + NOTE_S);
}
