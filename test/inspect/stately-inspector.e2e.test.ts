import { type ChildProcess, spawn } from 'node:child_process';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { launchChromium } from '../fixture/page-server.ts';

/** Stands where Stately's page would: keeps all that it is sent. */
const inspectorPage = `<!doctype html><title>Inspector</title><script>
  window.received = [];
  addEventListener('message', (event) => window.received.push(event.data));
  opener.postMessage({ type: '@statelyai.connected' }, '*');
</script>`;

const inspector = createServer((_, response) =>
  response.setHeader('Content-Type', 'text/html').end(inspectorPage),
);
let example: ChildProcess;
let browser: Browser;
let pageURL = '';
let plexURL = '';

beforeAll(async () => {
  await new Promise<void>((resolve) => inspector.listen(0, '127.0.0.1', resolve));
  example = spawn('node', ['examples/stately-inspector/serve.mjs'], { stdio: ['ignore', 'pipe', 'inherit'] });
  let printed = '';
  for await (const part of example.stdout as AsyncIterable<Buffer>) {
    printed += part.toString();
    [, pageURL = '', plexURL = ''] = /Page: +(\S+)\nEmulator: (\S+)\n/.exec(printed) ?? [];
    if (plexURL) break;
  }
  browser = await launchChromium();
});

afterAll(async () => {
  await browser?.close();
  example?.kill();
  inspector.close();
});

it('moves in the inspector from the click to the token, which does not show there', async () => {
  const context = await browser.newContext();
  const page = await context.newPage();
  const { port } = inspector.address() as AddressInfo;
  await page.goto(`${pageURL}?inspector=${encodeURIComponent(`http://127.0.0.1:${port}/`)}`);
  const replies: string[] = [];
  page.on('response', async (response) => {
    if (response.url().includes('/pins/')) replies.push(await response.text().catch(() => ''));
  });
  const opened = context.waitForEvent('page');
  await page.getByRole('button', { name: 'Sign in with Plex' }).click();
  const popup = await opened;

  await page.getByRole('link', { name: 'Approve' }).waitFor();
  const consentPage = context.waitForEvent('page');
  await page.getByRole('link', { name: 'Approve' }).click();
  const consent = await consentPage;
  await consent.getByRole('button', { name: /approve|allow/i }).click();
  await page.getByText('authenticated', { exact: true }).waitFor();

  const received = await popup.evaluate(() =>
    JSON.stringify((window as unknown as { received: unknown[] }).received),
  );
  const token = /"authToken":"([^"]+)"/.exec(replies.join('\n'))?.[1] ?? '';
  expect(token).toHaveLength(20);
  expect(received).toContain('fetchingToken');
  expect(received).toContain('[redacted]');
  expect(received).not.toContain(token);
  expect(plexURL).toMatch(/^http:\/\/127\.0\.0\.1:/);
});
