/** What plex.tv answers on an unknown path that is not below `/api`. */
export const notFoundPage = toBarePage('404 Not Found', 'The plex.tv emulator has no page at this address.');

/** What a client gets instead of an answer when a proxy, a captive portal or an outage gets in between. */
export const outagePage = toBarePage('Please stand by', 'An emulated page instead of an answer.');

function toBarePage(title: string, text: string): string {
  const style = 'font:1rem/1.5 system-ui;max-width:40ch;margin:20vh auto;padding:0 1rem';
  return `<!doctype html>
<html lang="en"><meta charset="utf-8"><meta name="color-scheme" content="light dark"><title>${title}</title>
<body style="${style}"><h1>${title}</h1><p>${text}</p></body></html>
`;
}
