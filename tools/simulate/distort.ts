import type { Plan, PlannedFault } from './plan.ts';

/** Makes what changes the bodies of one engine's answers on their way. */
export function createDistortion({
  counts,
}: Plan): (text: string, fault: PlannedFault | undefined, isPending: boolean) => string {
  let reads = 0;
  return (text, fault, isPending) => {
    if (fault?.type === 'garbage' || fault?.type === 'drift') return misshape(text, fault);
    if (!isPending || counts === 'true' || !text.startsWith('{')) return text;
    const pin = JSON.parse(text);
    return JSON.stringify({ ...pin, expiresIn: countAfter[counts](reads++) });
  };
}

/** Whether a fault leaves nothing that anybody could take a token from. */
export function isSpoiled(fault: PlannedFault | undefined, responses: Plan['responses']): boolean {
  if (fault === undefined) return false;
  // A response without a stream gives its body only once the body has ended well.
  if (responses === 'text' && ['lostEnd', 'stalledEnd'].includes(fault.type)) return true;
  return ['xml', 'garbage', 'lost', 'truncated', 'stalled'].includes(fault.type);
}

/** What a hostile or broken server says is left, in seconds, at a PIN's reads, one after another. */
const countAfter: Record<Exclude<Plan['counts'], 'true'>, (read: number) => number> = {
  rising: (read) => 10 + read,
  crawling: (read) => 5 - read / 1e6,
  standing: () => 5,
  jumping: (read) => [1800, 4, 1e9, 3, 3, 900, 0.5][read % 7] as number,
};

/** Half of it, or all of it with the fields that nobody should need in other shapes. */
function misshape(text: string, fault: PlannedFault): string {
  if (fault.type === 'garbage' || !text.startsWith('{')) return text.slice(0, text.length >> 1);
  const { expiresIn, ...rest } = JSON.parse(text);
  return JSON.stringify({ ...rest, expiresIn: `${expiresIn}`, location: 7, code: null });
}
