import { type ChartView, createChartView } from './chart-view.ts';
import { make } from './dom.ts';
import { createFilterView } from './filter-view.ts';
import { createScrubberView, type ScrubberListener, type ScrubberView } from './scrubber-view.ts';
import { createStatusView, type StatusView } from './status-view.ts';
import { addStyles } from './styles.ts';
import type { TimelineFilter } from './timeline-rows.ts';
import { type TimelineListener, TimelineView } from './timeline-view.ts';
import { createToolbarView, type ToolbarListener, type ToolbarView } from './toolbar-view.ts';

/** What the user does in each part of the screen. */
export interface ScreenListener {
  readonly timeline: TimelineListener;
  readonly toolbar: ToolbarListener;
  readonly scrubber: ScrubberListener;
  onFilter(filter: TimelineFilter): void;
  onReplay(): void;
}

/** Everything that the live view puts into its document. */
export interface LiveViewScreen {
  readonly status: StatusView;
  readonly chart: ChartView;
  readonly timeline: TimelineView;
  readonly toolbar: ToolbarView;
  readonly scrubber: ScrubberView;
  /** Says what the timeline leaves out. */
  readonly missing: HTMLElement;
  remove(): void;
}

/** @param filter What the timeline shows at first. */
export function createLiveViewScreen(
  document: Document,
  filter: TimelineFilter,
  listener: ScreenListener,
): LiveViewScreen {
  const removeStyles = addStyles(document);
  const status = createStatusView(document);
  const chart = createChartView(document, listener.onReplay);
  const timeline = new TimelineView(document, listener.timeline);
  const toolbar = createToolbarView(document, listener.toolbar);
  const scrubber = createScrubberView(document, listener.scrubber);
  const missing = make(document, 'p', { class: 'lost', hidden: '' });
  const filters = createFilterView(document, filter, listener.onFilter);
  const log = make(document, 'section', { class: 'log card', 'aria-label': 'What happened' });
  log.append(filters, missing, timeline.element);
  chart.element.classList.add('card');
  const page = make(document, 'main', { id: 'live-view', 'aria-label': 'Live view' });
  page.append(toolbar.element, status.element, chart.element, log, scrubber.element);
  const viewport = make(document, 'meta', { name: 'viewport', content: 'width=device-width' });
  document.title ||= 'Plex sign-in';
  document.documentElement.lang ||= 'en';
  document.head.append(viewport);
  document.body.append(page);

  return {
    status,
    chart,
    timeline,
    toolbar,
    scrubber,
    missing,
    remove() {
      timeline.close();
      toolbar.close();
      page.remove();
      viewport.remove();
      removeStyles();
    },
  };
}
