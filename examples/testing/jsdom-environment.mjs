/** jsdom for jest, with what Node has and jsdom lacks: testEnvironment: './jsdom-environment.mjs' in jest's configuration. */
import { TestEnvironment } from 'jest-environment-jsdom';

const { fetch, Headers, Request, Response, ReadableStream, TransformStream, TextDecoder, TextEncoder } =
  globalThis;

export default class JSDOMEnvironment extends TestEnvironment {
  constructor(...options) {
    super(...options);
    const lacking = {
      fetch,
      Headers,
      Request,
      Response,
      ReadableStream,
      TransformStream,
      TextDecoder,
      TextEncoder,
    };
    Object.assign(this.global, lacking);
  }
}
