/** The page that a popup ends on. */
import { finishPopup } from 'plex-auth-flow/browser';

finishPopup();
