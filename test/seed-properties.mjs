import fc from 'fast-check';

/**
 * Property tests draw the same examples in every run, so that a change is judged by what it changes. The nightly run draws others:
 * PROPERTY_SEED=random, or the number that a failed run has printed.
 */
const asked = process.env.PROPERTY_SEED ?? '20180725';
const seed = asked === 'random' ? Math.trunc(Math.random() * 0x7fffffff) : Number(asked);
if (!Number.isInteger(seed)) throw new Error('PROPERTY_SEED has to be a whole number, or random');
fc.configureGlobal({ ...fc.readConfigureGlobal(), seed });
