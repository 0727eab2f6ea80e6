import type { Plan } from './plan.ts';

/** Makes what each of an application's functions calls first: one of them throws, once. */
export function createPortThrower({ throwingPort }: Plan): (port: string) => void {
  let calls = 0;
  return (port) => {
    if (port !== throwingPort?.port || ++calls !== throwingPort.call) return;
    throw new Error(`${port} failed`);
  };
}
