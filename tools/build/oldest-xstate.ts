import type { Plugin } from 'rolldown';

/** What the newest xstate has and the oldest has not, and what means the same in both. */
const replacements = [
  // The last argument of `StateMachine`, which is its default.
  [/, _\$xstate\.MetaObject>;\nexport/, '>;\nexport'],
  [/\b_\$xstate\.ActorRefFromLogic</g, '_$xstate.ActorRefFrom<'],
  // What a promise's logic emits: the default too.
  [/\}, _\$xstate\.EventObject>/g, '}>'],
  // What `exactOptionalPropertyTypes` tells apart.
  [/\bid: string \| undefined;/g, 'id?: string;'],
  // The schema of the states: an argument that xstate requires since 5.17, and does not have before. Type arguments of
  // another number than there must be are an error, which is ignored here, and make a type `any`: only then 0 is assignable to it.
  [
    /declare const pinAuthMachine: (_\$xstate\.StateMachine<.*), (\{\n {2}id: "pinAuth".*?\n\})>;\nexport/s,
    `// @ts-ignore: xstate 5.17 or newer
type ChartWithSchema = $1, $2>;
// @ts-ignore: xstate before 5.17
type ChartWithoutSchema = $1>;
declare const pinAuthMachine: [0] extends [1 & ChartWithoutSchema] ? ChartWithSchema : ChartWithoutSchema;
export`,
  ],
] as const;

/**
 * Writes the chart's declaration so that every xstate of the peer range can read it, too: else the chart would have no
 * type before 5.28.
 *
 * @throws {Error} Once the declaration looks different.
 */
export function oldestXstatePlugin(): Plugin {
  return {
    name: 'oldest-xstate',
    generateBundle(_options, bundle) {
      const chunk = bundle['machine.d.ts'];
      if (chunk?.type !== 'chunk') return;
      for (const [newest, oldest] of replacements) {
        if (chunk.code.search(newest) < 0) throw new Error(`machine.d.ts has no ${newest}`);
        chunk.code = chunk.code.replace(newest, oldest);
      }
    },
  };
}
