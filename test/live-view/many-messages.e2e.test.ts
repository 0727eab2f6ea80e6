import { describe, expect, it } from 'vitest';
import type { InspectionMessage } from '../../src/inspect/message.ts';
import { running, setUpLiveView } from './live-view-stage.ts';
import { recordDrive } from './record-drive.ts';

const stage = setUpLiveView();
const { frames } = stage;
const heading = () => stage.page.locator('h2').textContent();

/**
 * How long the page worked in each frame, shortest first, and in all its scripts, in milliseconds of its thread's own time:
 * what other processes take of a busy machine is not in it.
 */
async function workOf(deed: () => Promise<unknown>): Promise<{ frames: number[]; total: number }> {
  await stage.browser.startTracing(stage.page, { categories: ['devtools.timeline'] });
  await deed();
  const { traceEvents } = JSON.parse((await stage.browser.stopTracing()).toString()) as {
    traceEvents: { name: string; tdur?: number }[];
  };
  const timesOf = (name: string) =>
    traceEvents.flatMap((event) =>
      event.name === name && event.tdur !== undefined ? event.tdur / 1000 : [],
    );
  const frames = timesOf('FireAnimationFrame').sort((one, other) => one - other);
  const total = [...frames, ...timesOf('TimerFire')].reduce((sum, one) => sum + one, 0);
  return { frames, total };
}

describe('100,000 messages', () => {
  it('stay smooth and small', async () => {
    const session = await stage.page.context().newCDPSession(stage.page);
    await session.send('HeapProfiler.enable');
    const heap = async () => {
      await session.send('HeapProfiler.collectGarbage');
      const { usedSize } = await session.send('Runtime.getHeapUsage');
      return usedSize / 1_000_000;
    };
    const before = await heap();
    await stage.page.getByRole('button', { name: 'Details' }).click();
    // A fault among every few polls, so that little is folded.
    const faults = Array.from({ length: 10 }, (_, index) => ({
      atMs: 3000 + index * 3000,
      network: 'down' as const,
      times: 2,
    }));
    const { messages } = await recordDrive({ script: faults, untilMs: 33_500 });
    await stage.page.evaluate(async (messages) => {
      const [begin = [], round = []] = [messages.slice(0, 40), messages.slice(40, -1)];
      const request = window.requestAnimationFrame.bind(window);
      // The layout that the view causes is a part of its work.
      window.requestAnimationFrame = (draw) =>
        request((time) => {
          draw(time);
          void document.body.offsetHeight;
        });
      let received = 0;
      const receive = (message: InspectionMessage) => {
        // As fresh as from a wire.
        const fresh = JSON.parse(JSON.stringify(message));
        window.liveView.receive({ ...fresh, createdAt: String(Date.now()) });
        received += 1;
      };
      for (const message of begin) receive(message);
      const pour = async (total: number, perFrame: number) => {
        while (received < total) {
          for (let count = 0; count < perFrame && received < total; count++) {
            receive(round[received % round.length] as InspectionMessage);
          }
          await new Promise((done) => setTimeout(done, 16));
        }
      };
      Object.assign(window, { pour });
      await pour(95_000, 500);
    }, messages);
    const { frames, total } = await workOf(() =>
      stage.page.evaluate(() =>
        (window as unknown as { pour(total: number, each: number): unknown }).pour(100_000, 10),
      ),
    );
    const figures = await stage.page.evaluate(() => {
      return {
        nodes: document.querySelectorAll('.row').length,
        lines: Number(document.querySelector('.row')?.getAttribute('aria-setsize')),
      };
    });
    const heapMB = (await heap()) - before;
    const at = (share: number) => frames[Math.floor((frames.length - 1) * share)] ?? Number.NaN;
    const ms = { median: at(0.5), p99: at(0.99), worst: at(1), perMessage: total / 5000 };
    console.log(JSON.stringify({ ...figures, heapMB, frames: frames.length, ms }));
    expect(frames.length).toBeGreaterThan(100);
    expect(ms.p99).toBeLessThan(16);
    expect(ms.worst).toBeLessThan(32);
    expect(figures.nodes).toBeLessThan(60);
    expect(figures.lines).toBeGreaterThan(15_000);
    expect(heapMB).toBeLessThan(30);
    expect(await stage.page.locator('.lost').textContent()).toMatch(
      /^The last 2\d{4} entries are kept; \d+ older ones are gone\.$/,
    );
  }, 300_000);

  it('are not drawn while the page is hidden, and are there when it is seen', async () => {
    const { messages } = await running([{ atMs: 2000, user: 'approve' }]);
    const drawn = await stage.page.evaluate((messages) => {
      let frames = 0;
      const request = window.requestAnimationFrame.bind(window);
      window.requestAnimationFrame = (draw) => {
        frames += 1;
        return request(draw);
      };
      Object.defineProperty(document, 'hidden', { configurable: true, value: true });
      for (const message of messages) window.liveView.receive(message);
      const whileHidden = frames;
      Object.defineProperty(document, 'hidden', { configurable: true, value: false });
      document.dispatchEvent(new Event('visibilitychange'));
      return [whileHidden, frames];
    }, messages);
    expect(drawn).toEqual([0, 1]);
    await frames();
    expect(await heading()).toBe('Signed in');
  });
});
