/** What serves an emulator in Node, built into a file of its own. */
export { createAdaptorServer } from '@hono/node-server';
export { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response';
