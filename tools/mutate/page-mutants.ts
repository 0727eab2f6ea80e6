import type { Mutant } from './mutant.ts';

const redirect = 'src/browser/redirect.ts';
const sharedToken = 'src/browser/shared-token.ts';
const flowLead = 'src/browser/flow-lead.ts';
const tabs = 'src/browser/tabs.ts';
const popup = 'src/browser/popup.ts';

/** Flaws of an engine in a page. */
export const pageMutants: readonly Mutant[] = [
  {
    flaw: 'the tab leaves for the consent page although its PIN could not be stored',
    file: redirect,
    find: "if (error) return { status: 'refused', error };",
    replace: '',
    namedIn: 'test/browser/redirect.test.ts',
  },
  {
    flaw: 'the tab leaves in the middle of a read, and takes its token along',
    file: redirect,
    find: "const { status } = await untilStatus(auth, (now) => now !== 'fetchingToken');",
    replace: "const status: string = 'awaitingLink';",
    namedIn: 'test/browser/redirect.test.ts',
  },
  {
    flaw: 'a popup stays open behind the page that leaves',
    file: redirect,
    find: '    stopWaiting();\n',
    replace: '',
    namedIn: 'test/browser/redirect.test.ts',
  },
  {
    flaw: "another tab's sign-out leaves this tab signed in",
    file: sharedToken,
    find: 'if (!stored) return endIfTokenRemoved();',
    replace: 'if (!stored) return;',
    namedIn: 'test/browser/tabs.test.ts',
  },
  {
    flaw: 'a tab hands over in the middle of a read, whose token is lost',
    file: flowLead,
    find: 'const { status } = await untilStatus(auth, isQuiet);',
    replace: 'const { status } = auth.getSnapshot();\n    isQuiet(status);',
    namedIn: 'test/browser/tabs.test.ts',
  },
  {
    flaw: 'two tabs run the same sign-in',
    file: tabs,
    find: 'if (reply?.isKept || !isWanted()) return { isLeading: false };',
    replace: 'if (reply?.isKept || !isWanted()) return { isLeading: true };',
    namedIn: 'test/browser/tabs.test.ts',
  },
  {
    flaw: 'a closed window ends the watch without a hint',
    file: popup,
    find: 'if (opened.closed) onClosed();',
    replace: 'if (opened.closed) return;',
    namedIn: 'test/browser/popup.test.ts',
  },
];
