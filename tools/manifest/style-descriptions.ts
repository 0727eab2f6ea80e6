/** What each part of the shadow root is, by its name in `::part()`. */
export const partDescriptions: Readonly<Record<string, string>> = {
  card: 'The whole card.',
  badge: 'The round picture above the words.',
  ring: 'The ring around the badge, which shows the time left.',
  heading: 'The heading.',
  text: 'The words below the heading.',
  note: 'What is happening, beside the ring; for screen readers only where there is no code.',
  actions: 'What holds the buttons.',
  button: 'The main button, the link in its place, and the control of the look `button`.',
  trigger: 'The control of the look `button` alone.',
  quiet: 'The second button, such as Cancel.',
  footnote: 'The note below the buttons.',
  qr: 'What holds the QR picture and its caption.',
  link: 'The address to open on another device.',
  code: 'The characters to type.',
};

/** What each custom property is. */
export const propertyDescriptions: Readonly<Record<string, string>> = {
  '--plex-sign-in-accent':
    'Colour of the main button. What stands on it, texts and lines of its colour are derived from it.',
  '--plex-sign-in-accent-line': 'Colour of the arc of the time left and of the edge of the main button.',
  '--plex-sign-in-accent-text': 'Colour of the address and of the focus outline.',
  '--plex-sign-in-bad': 'Colour of the badge where something went wrong.',
  '--plex-sign-in-border': 'Colour of the edge of the card.',
  '--plex-sign-in-control-border': 'Colour of the edge of buttons without a colour.',
  '--plex-sign-in-font': 'Font family.',
  '--plex-sign-in-good': 'Colour of the badge once the user is signed in.',
  '--plex-sign-in-line':
    'Colour of all lines that have none of their own: border, control-border, tile-border and track.',
  '--plex-sign-in-max-width': 'The greatest width of the element.',
  '--plex-sign-in-muted': 'Colour of secondary text.',
  '--plex-sign-in-on-accent': 'Colour of the text on the main button.',
  '--plex-sign-in-radius': 'Radius of the corners.',
  '--plex-sign-in-shadow': 'Shadow of the card.',
  '--plex-sign-in-surface': 'Background of the card.',
  '--plex-sign-in-text': 'Colour of text.',
  '--plex-sign-in-tile-border': 'Colour of the edges of the characters of a code.',
  '--plex-sign-in-track': 'Colour of the track of the ring.',
};

/** What goes into each slot; the one without a name is empty. */
export const slotDescriptions: Readonly<Record<string, string>> = {
  logo: 'A picture in the badge of the first screen; with the look `button`, before its label.',
  intro: 'Words below the heading of the first screen.',
  footnote: 'Words below the button of the first screen.',
};
