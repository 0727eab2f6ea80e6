import { describe, expect, it } from 'vitest';
import { type LiveViewPageOptions, showLiveView } from '../../src/inspect/live-view-page.ts';
import type { InspectionMessage } from '../../src/inspect/message.ts';
import { createMessageLog } from '../../src/inspect/message-log.ts';
import { createFakeWindow, type FakeWindow } from './fake-window.ts';

const message = (number: number): InspectionMessage => ({
  type: '@xstate.snapshot',
  sessionId: 'x:0',
  createdAt: `${number}`,
  event: { type: 'GO' },
  snapshot: { value: 'idle' },
});

/** A live view that keeps what it is given, and the log that gives it. */
function createStage(target: FakeWindow | null = createFakeWindow()) {
  const log = createMessageLog((kept) => kept);
  const views: { document: Document; received: number[]; lost: number; isOpen: boolean; isEnded: boolean }[] =
    [];
  const warnings: string[] = [];
  const stage = {
    target,
    log,
    views,
    warnings,
    tell: (number: number) => log.add(message(number)),
    mountLiveView(document: Document) {
      const view = { document, received: [] as number[], lost: 0, isOpen: true, isEnded: false };
      views.push(view);
      return {
        receive: (message: unknown) =>
          void view.received.push(Number((message as InspectionMessage).createdAt)),
        noteLost(count: number) {
          view.lost += count;
        },
        end() {
          view.isEnded = true;
        },
        close() {
          view.isOpen = false;
        },
      };
    },
  };
  const getWindow = () => stage.target as unknown as Window | null;
  const warn = (message: string) => void warnings.push(message);
  const show = async (load: NonNullable<LiveViewPageOptions['load']> = async () => stage) => {
    const page = showLiveView({ getWindow, log, warn, load });
    await new Promise((resolve) => setTimeout(resolve));
    return page;
  };
  return { stage, show };
}

describe('the live view', () => {
  it("is mounted into the window's own document, and gets all messages so far and from then on", async () => {
    const { stage, show } = createStage();
    stage.tell(1);
    const page = await show();
    stage.tell(2);
    expect(stage.views).toEqual([
      { document: stage.target?.document, received: [1, 2], lost: 0, isOpen: true, isEnded: false },
    ]);
    page.close();
    stage.tell(3);
    expect(stage.views[0]).toMatchObject({ received: [1, 2], isOpen: false });
  });

  it('is mounted anew where the browser replaced the document', async () => {
    const { stage, show } = createStage();
    const page = await show();
    stage.tell(1);
    Object.assign(stage.target ?? {}, { document: { title: 'new' } });
    stage.tell(2);
    stage.tell(3);
    page.mount();
    expect(stage.views.map(({ received, isOpen }) => [received, isOpen])).toEqual([
      [[1], false],
      [[1, 2, 3], true],
    ]);
  });

  it('learns how many messages were dropped', async () => {
    const { stage, show } = createStage();
    for (let number = 1; number <= 3010; number++) stage.tell(number);
    await show();
    expect(stage.views).toMatchObject([{ lost: 10, received: { length: 3000, 0: 11 } }]);
  });

  it('says that the page has ended, which is not to take it away', async () => {
    const { stage, show } = createStage();
    const page = await show();
    page.end();
    expect(stage.views).toMatchObject([{ isEnded: true, isOpen: true }]);
  });

  it('comes with a frame that is put into the page later', async () => {
    const { stage, show } = createStage(null);
    const page = await show();
    stage.tell(1);
    stage.target = createFakeWindow();
    page.mount();
    expect(stage.views.map(({ received }) => received)).toEqual([[1]]);
  });

  it.each<[string, (target: FakeWindow) => void]>([
    ['was closed', (target) => Object.assign(target, { closed: true })],
    ['shows a page of its own', (target) => Object.assign(target, { location: { href: 'https://x/' } })],
    [
      "shows another origin's page",
      (target) => Object.defineProperty(target, 'document', { get: () => expect.fail() }),
    ],
  ])('is nowhere once the window %s', async (_name, change) => {
    const { stage, show } = createStage();
    const page = await show();
    stage.tell(1);
    change(stage.target as FakeWindow);
    stage.tell(2);
    stage.tell(3);
    page.mount();
    expect(stage.views).toEqual([expect.objectContaining({ received: [1], isOpen: false })]);
  });

  it('is nowhere where it was ended before it was loaded', async () => {
    const { stage, show } = createStage();
    let finishLoading = () => {};
    const page = await show(
      () =>
        new Promise((resolve) => {
          finishLoading = () => resolve(stage);
        }),
    );
    page.close();
    finishLoading();
    await new Promise((resolve) => setTimeout(resolve));
    expect(stage.views).toEqual([]);
  });

  it.each<[string, () => Promise<never>, string[]]>([
    [
      'is not found',
      () => Promise.reject(new TypeError('404')),
      ['no live view: its code was not loaded (TypeError)'],
    ],
    ['fails', async () => ({ mountLiveView: () => expect.fail() }) as never, []],
  ])('may be missing: its code %s', async (_name, load, warnings) => {
    const { stage, show } = createStage();
    const page = await show(load);
    stage.tell(1);
    page.mount();
    page.end();
    page.close();
    expect(stage.warnings).toEqual(warnings);
  });
});
