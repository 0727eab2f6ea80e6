export type { InspectedEvent, InspectedRequest, InspectedSnapshot, InspectionMessage } from './message.ts';
export { createPlexInspector, type PlexInspector, type PlexInspectorOptions } from './plex-inspector.ts';
