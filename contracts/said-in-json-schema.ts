import { z } from 'zod';

/**
 * What the refinements of a shape say in the words of JSON Schema, which leaves refinements out when it is rendered: for whoever compiles
 * our shapes, and not part of what is published. A shape whose refinements are not here cannot be compiled.
 */
export const saidInJsonSchema = z.registry<Record<string, unknown>>();
