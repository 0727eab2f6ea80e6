/** What serves an emulator in Node. Loaded there only, by the name `#emulator-server`. */
export { createAdaptorServer } from '@hono/node-server';
export { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response';
