import { describe, expect, it } from 'vitest';
import { readProxySettings } from '../../../src/cli/host/proxy-settings.ts';

describe('the proxies of the environment', () => {
  it.each<[Record<string, string>, ReturnType<typeof readProxySettings>]>([
    [{}, undefined],
    [{ HTTP_PROXY: '', https_proxy: '' }, undefined],
    [{ NO_PROXY: 'plex.tv' }, undefined],
    [{ HTTP_PROXY: 'http://one:1' }, { httpProxy: 'http://one:1', httpsProxy: undefined, noProxy: '' }],
    [
      { https_proxy: 'two:2', HTTPS_PROXY: 'three:3', NO_PROXY: 'a', no_proxy: 'b' },
      { httpProxy: undefined, httpsProxy: 'http://two:2', noProxy: 'b' },
    ],
    [{ http_proxy: '', HTTP_PROXY: 'http://one:1' }, undefined],
  ])('are read as curl does: %j', (env, settings) => {
    expect(readProxySettings(env)).toEqual(settings);
  });

  it.each([
    ['HTTP_PROXY', 'socks5://me:s3cret@host'],
    ['https_proxy', 'http://me:s3cret@host:port'],
  ])('are refused by name, and never quoted: %s', (name, value) => {
    expect(() => readProxySettings({ [name]: value })).toThrow(
      new Error(`${name} must be the http or https address of a proxy`),
    );
  });

  it('asks everything directly where NO_PROXY says so, whatever the proxies are', () => {
    expect(readProxySettings({ HTTPS_PROXY: 'socks5://proxy', NO_PROXY: ' * ' })).toBeUndefined();
    expect(readProxySettings({ HTTPS_PROXY: 'http://proxy', NO_PROXY: '*.lan' })).toBeDefined();
  });
});
