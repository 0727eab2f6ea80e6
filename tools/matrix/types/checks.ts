import type { Check } from '../check.ts';
import { toTypeCheck } from './type-check.ts';

/** TypeScript from its floor to its newest, and the two shapes that the types of xstate had before 5.17. */
export const typeChecks: readonly Check[] = [
  toTypeCheck('5.0'),
  toTypeCheck('5.4'),
  toTypeCheck('5.9'),
  toTypeCheck('6.0'),
  toTypeCheck('7.0'),
  toTypeCheck('5.4', '5.13'),
  toTypeCheck('7.0', '5.16'),
];
