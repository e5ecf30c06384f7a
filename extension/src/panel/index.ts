export { showPanel } from './element';
export { HydropsPanel } from './HydropsPanel';
export type { PanelCommands, PanelService } from './service';
