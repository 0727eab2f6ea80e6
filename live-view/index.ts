export { mountLiveView } from './mount-live-view.ts';
