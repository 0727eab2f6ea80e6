import MagicString from 'magic-string';
import type { Plugin } from 'rolldown';
import { type ESTree, parseSync, Visitor } from 'rolldown/utils';

/**
 * Marks what our modules call while they load as pure. Bundlers drop a whole file that nobody uses where package.json says
 * `sideEffects: false`, but a built file holds many of ours: this says the same of each constant.
 *
 * @param sources Which modules: those that do nothing but define.
 */
export function annotatePurePlugin(sources: RegExp): Plugin {
  return {
    name: 'annotate-pure',
    transform: { filter: { id: sources }, handler: (code) => annotatePure(code) },
  };
}

function annotatePure(code: string): { code: string; map: ReturnType<MagicString['generateMap']> } {
  const annotated = new MagicString(code);
  const { program } = parseSync('source.ts', code);
  /** How many functions and classes we are in: what they call runs later. */
  let depth = 0;
  const [enter, leave] = [() => void depth++, () => void depth--];
  const annotate = ({ start }: ESTree.CallExpression | ESTree.NewExpression) => {
    if (depth === 0) annotated.prependLeft(start, '/* @__PURE__ */ ');
  };
  new Visitor({
    FunctionDeclaration: enter,
    'FunctionDeclaration:exit': leave,
    FunctionExpression: enter,
    'FunctionExpression:exit': leave,
    ArrowFunctionExpression: enter,
    'ArrowFunctionExpression:exit': leave,
    ClassBody: enter,
    'ClassBody:exit': leave,
    CallExpression: annotate,
    NewExpression: annotate,
  }).visit(program);
  return { code: annotated.toString(), map: annotated.generateMap({ hires: 'boundary' }) };
}
