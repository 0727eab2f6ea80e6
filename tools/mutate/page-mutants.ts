import type { Mutant } from './mutant.ts';

const redirect = 'src/browser/redirect.ts';
const sharedToken = 'src/browser/shared-token.ts';
const flowLead = 'src/browser/flow-lead.ts';
const tabs = 'src/browser/tabs.ts';
const popup = 'src/browser/popup.ts';
const opener = 'src/browser/opener.ts';
const leadLock = 'src/browser/lead-lock.ts';
const pageHints = 'src/browser/page-hints.ts';
const tabChannel = 'src/browser/tab-channel.ts';
const createBrowser = 'src/browser/create-page-auth.ts';
const engineSource = 'src/element/engine-source.ts';

/** Flaws of an engine in a page, and of the element that makes one. */
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
    flaw: 'locks that never answer keep the sign-in from starting',
    file: leadLock,
    find: "clock.setTimeout(() => end('missing'), answerTimeoutMs)",
    replace: "clock.setTimeout(() => end('missing'), 2 ** 31 - 1)",
    namedIn: 'test/browser/silent-locks.test.ts',
  },
  {
    flaw: 'a lock that comes late is held for ever',
    file: leadLock,
    find: 'const isWanted = lock && endRequest === end;',
    replace: 'const isWanted = lock;',
    namedIn: 'test/browser/silent-locks.test.ts',
  },
  {
    flaw: 'a page that is offline only by what the browser says asks nothing',
    file: pageHints,
    find: 'return Math.max(delayMs, offlineDelayMs);',
    replace: 'return 2 ** 31 - 1;',
    namedIn: 'test/browser/page-hints.test.ts',
  },
  {
    flaw: 'a message of any shape is believed',
    file: tabChannel,
    find: 'isOpen ? parseMessage(data) : undefined',
    replace: 'isOpen ? (data as TabMessage) : parseMessage(data)',
    namedIn: 'test/browser/tab-channel.test.ts',
  },
  {
    flaw: 'two applications of one origin share client, PIN and token',
    file: createBrowser,
    find: 'own.name ?? (isShared && own.product ? own.product : undefined)',
    replace: 'isShared ? own.name : own.name',
    namedIn: 'test/browser/applications.test.ts',
  },
  {
    flaw: 'a closed window ends the watch without a hint',
    file: popup,
    find: 'if (isClosed) onClosed();',
    replace: 'if (isClosed) return;',
    namedIn: 'test/browser/popup.test.ts',
  },
  {
    flaw: "the page's own window is taken for a popup, and its page is lost",
    file: opener,
    find: '[page, page.parent, page.top].includes(opened)',
    replace: 'false',
    namedIn: 'test/browser/opener.test.ts',
  },
  {
    flaw: 'a page in a frame is sent to the consent page, which refuses frames',
    file: redirect,
    find: 'return !!page.top && page.top !== page;',
    replace: 'return !page;',
    namedIn: 'test/browser/redirect.test.ts',
  },
  {
    flaw: 'the tab leaves for the consent page before its PIN is stored',
    file: redirect,
    find: 'const error = await store.keepPin(pin);',
    replace: "const error = await Promise.race([store.keepPin(pin), '' as never]);",
    namedIn: 'test/browser/redirect.test.ts',
  },
  {
    flaw: 'a token that shows late in the shared store is missed',
    file: sharedToken,
    find: '    looks.start();\n',
    replace: '',
    namedIn: 'test/browser/tabs.test.ts',
  },
  {
    flaw: "a tab stays signed in with a token that another tab's sign-in has replaced",
    file: sharedToken,
    find: 'if (!credentials) verifyPace.run();\n      later.plan(view.token, Math.max(0, ...lagMs) + 1);',
    replace: '',
    namedIn: 'test/browser/tabs.test.ts',
  },
  {
    flaw: 'a tab keeps its old token although another tab has stored a new one',
    file: sharedToken,
    find: '      internals.reject();\n    }',
    replace: '    }',
    namedIn: 'test/browser/tabs.test.ts',
  },
  {
    flaw: 'a look at the shared store ends the session and begins it anew',
    file: sharedToken,
    find: 'if (view.token.reveal() === stored.token.reveal()) return;',
    replace: '',
    namedIn: 'test/browser/tabs.test.ts',
  },
  {
    flaw: 'the window of an early press is opened after an await, and blocked',
    file: engineSource,
    find: 'const press: Press = { window: isPopup',
    replace: 'await Promise.resolve();\n    const press: Press = { window: isPopup',
    namedIn: 'test/element/engine-source.test.ts',
  },
  {
    flaw: 'the window of an early press stays open where no engine can be made',
    file: engineSource,
    find: 'this.#press?.window?.close();',
    replace: '',
    namedIn: 'test/element/engine-source.test.ts',
  },
  {
    flaw: 'the engine opens a second window beside that of an early press',
    file: engineSource,
    find: 'return early === undefined ? this.#opener() : early;',
    replace: 'return this.#opener() ?? early;',
    namedIn: 'test/element/engine-source.test.ts',
  },
  {
    flaw: 'a press that was cancelled while the engine was loaded is carried out',
    file: engineSource,
    find: 'if (this.#press !== press) return undefined;\n    this.#onChange(true);',
    replace: 'this.#onChange(true);',
    namedIn: 'test/element/engine-source.test.ts',
  },
];
