import { make, makeButton, setText } from './nodes.ts';

/** The way back through what happened. */
export interface ScrubberView {
  readonly element: HTMLElement;
  show(state: ScrubberState): void;
}

interface ScrubberState {
  readonly place: number;
  readonly count: number;
  readonly isLive: boolean;
  /** Whether nothing more comes. */
  readonly isEnded: boolean;
  /** What came since it is not live. */
  readonly newer: number;
  /** The moment that is shown, in words. */
  readonly text: string;
}

/** What it tells. */
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
  const back = makeButton(document, 'Step back', glyphs.back, { class: 'icon', title: 'Step back (←)' });
  const forward = makeButton(document, 'Step forward', glyphs.forward, {
    class: 'icon',
    title: 'Step forward (→)',
  });
  const pause = makeButton(document, 'Pause', glyphs.pause, { class: 'icon' });
  const slider = make(document, 'input', { type: 'range', min: '0', step: '1', 'aria-label': 'Moment' });
  const moment = make(document, 'span', { class: 'moment', 'aria-hidden': 'true' });
  const live = makeButton(document, 'Live', undefined, { class: 'live' });
  const element = make(
    document,
    'div',
    { class: 'scrubber card', role: 'group', 'aria-label': 'History' },
    back,
    pause,
    forward,
    slider,
    moment,
    live,
  );

  back.addEventListener('click', () => listener.onStep(-1));
  forward.addEventListener('click', () => listener.onStep(1));
  pause.addEventListener('click', () => listener.onPause());
  live.addEventListener('click', () => listener.onLive());
  slider.addEventListener('input', () => listener.onMove(Number(slider.value)));

  return {
    element,
    show({ place, count, isLive, isEnded, newer, text }) {
      const most = String(Math.max(0, count - 1));
      if (slider.max !== most) slider.max = most;
      if (slider.value !== String(place)) slider.value = String(Math.max(0, place));
      slider.disabled = count === 0;
      slider.style.setProperty('--share', String(count > 1 ? place / (count - 1) : 0));
      if (slider.getAttribute('aria-valuetext') !== text) slider.setAttribute('aria-valuetext', text);
      setText(moment, text);
      back.disabled = place <= 0;
      forward.disabled = isLive || place >= count - 1;
      pause.disabled = count === 0;
      pause.title = isLive ? 'Pause' : 'Resume';
      const [glyph, label] = [pause.querySelector('path'), pause.querySelector('span')];
      glyph?.setAttribute('d', isLive ? glyphs.pause : glyphs.resume);
      if (label) setText(label, pause.title);
      live.setAttribute('aria-pressed', String(isLive));
      live.classList.toggle('ended', isEnded);
      const words = live.querySelector('span');
      const name = isEnded ? 'Ended' : 'Live';
      if (words) setText(words, isLive || newer === 0 ? name : `${name} · ${newer} new`);
    },
  };
}
