import { copyOptions, requireKnownFields, requireOption } from '../require-option.ts';

/**
 * Reads the options of one of the emulator's methods. A misspelt one would make a test pass for the wrong reason: the
 * default person would approve.
 *
 * @throws {TypeError} Unless it is an object without other fields than these.
 */
export function readMethodOptions<Options extends object>(
  options: Options,
  fields: readonly (keyof Options & string)[],
): Readonly<Options> {
  requireOption(typeof options === 'object' && options !== null, 'the options', 'an object');
  requireKnownFields('', options, fields);
  return copyOptions(options);
}
