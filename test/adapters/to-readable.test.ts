import { describe, expect, it } from 'vitest';
import { toReadable } from '../../src/adapters/index.ts';
import { createFakeSource } from './fake-source.ts';

describe('toReadable', () => {
  it('leaves the engine alone while nobody subscribes', () => {
    const fake = createFakeSource({ status: 'idle' });
    const readable = toReadable(fake);
    expect(fake.listeners).toBe(0);
    const unsubscribes = [readable.subscribe(() => {}), readable.subscribe(() => {})];
    expect(fake.listeners).toBe(2);
    for (const unsubscribe of unsubscribes) unsubscribe();
    expect(fake.listeners).toBe(0);
  });
});
