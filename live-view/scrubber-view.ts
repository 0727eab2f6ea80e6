import { make, makeButton, setLabel, setText, switchOff } from './dom.ts';

/** Moves back and forth through what happened. */
export interface ScrubberView {
  readonly element: HTMLElement;
  show(state: ScrubberState): void;
}

interface ScrubberState {
  readonly place: number;
  readonly count: number;
  readonly isLive: boolean;
  /** Whether the program has ended, so that nothing more comes. */
  readonly isEnded: boolean;
  /** How many entries came after the viewed one. */
  readonly newer: number;
  /** The viewed moment, in words. */
  readonly text: string;
}

export interface ScrubberListener {
  onMove(place: number): void;
  onStep(by: number): void;
  onPause(): void;
  onLive(): void;
}

const glyphs = {
  back: 'M15 5l-7 7 7 7',
  forward: 'M9 5l7 7-7 7',
  pause: 'M9 6v12M15 6v12',
  resume: 'M8 5l10 7-10 7z',
};

export function createScrubberView(document: Document, listener: ScrubberListener): ScrubberView {
  const parts = createParts(document);
  const { back, pause, forward, slider, moment, live } = parts;
  const element = make(document, 'div', { class: 'scrubber card', role: 'group', 'aria-label': 'History' });
  element.append(back, pause, forward, slider, moment, live);

  back.addEventListener('click', () => listener.onStep(-1));
  forward.addEventListener('click', () => listener.onStep(1));
  pause.addEventListener('click', () => listener.onPause());
  live.addEventListener('click', () => listener.onLive());
  slider.addEventListener('input', () => listener.onMove(Number(slider.value)));

  return {
    element,
    show(state) {
      showSlider(parts, state);
      showButtons(parts, state);
    },
  };
}

type ScrubberParts = ReturnType<typeof createParts>;

function createParts(document: Document) {
  const icon = (label: string, glyph: string, attributes = {}) =>
    makeButton(document, label, glyph, { class: 'icon', ...attributes });
  return {
    back: icon('Step back', glyphs.back, { title: 'Step back (←)' }),
    forward: icon('Step forward', glyphs.forward, { title: 'Step forward (→)' }),
    pause: icon('Pause', glyphs.pause),
    slider: make(document, 'input', { type: 'range', min: '0', step: '1', 'aria-label': 'Moment' }),
    moment: make(document, 'span', { class: 'moment', 'aria-hidden': 'true' }),
    live: makeButton(document, 'Live', undefined, { class: 'live' }, 'Live · 999 new'),
  };
}

function showSlider({ slider, moment }: ScrubberParts, { place, count, text }: ScrubberState): void {
  const most = String(Math.max(0, count - 1));
  if (slider.max !== most) slider.max = most;
  if (slider.value !== String(place)) slider.value = String(Math.max(0, place));
  slider.disabled = count === 0;
  slider.style.setProperty('--share', String(count > 1 ? place / (count - 1) : 0));
  if (slider.getAttribute('aria-valuetext') !== text) slider.setAttribute('aria-valuetext', text);
  setText(moment, text);
}

function showButtons({ back, forward, pause, live }: ScrubberParts, state: ScrubberState): void {
  const { place, count, isLive, isEnded, newer } = state;
  switchOff(back, place <= 0);
  switchOff(forward, isLive || place >= count - 1);
  switchOff(pause, count === 0);
  pause.title = isLive ? 'Pause' : 'Resume';
  pause.querySelector('path')?.setAttribute('d', isLive ? glyphs.pause : glyphs.resume);
  setLabel(pause, pause.title);
  const name = isEnded ? 'Ended' : 'Live';
  live.setAttribute('aria-pressed', String(isLive));
  live.classList.toggle('ended', isEnded);
  setLabel(live, isLive || newer === 0 ? name : `${name} · ${newer} new`);
}
