import type { Dispatch } from './bindings/Dispatch';
import type { Picture, PresenceKind } from './bindings/Picture';
import { text } from './texts';

/** One line of the status picker. */
export interface Choice {
  /** Unique in the picker. */
  key: string;
  label: string;
  kind: PresenceKind;
  /** The rep is in it. */
  current: boolean;
  /** Asked for and not there yet. */
  mark: 'held' | 'pending' | null;
  /** What it is, or how far it has come. */
  help: string;
  request: Dispatch;
}

const OFFLINE = 'offline';

/**
 * The org's statuses in its order, then Offline, which is no status but logging out of Omni-Channel. An org
 * may well have a status that is *named* Offline: it stays a status.
 */
export function choices(picture: Picture): Choice[] {
  const { presence, statuses } = picture;
  const marked = (label: string, isOffline: boolean): Choice['mark'] => {
    // The picture names what is asked for by its label; logging out is called Offline.
    const named = (asked: { status: string } | null) => asked?.status === label;
    const twin = isOffline && statuses.some((status) => status.label === label);
    if (named(picture.held) && (isOffline || !isLoggedOutLabel(label))) return 'held';
    return named(picture.pending) && !twin ? 'pending' : null;
  };
  const all = statuses.map((status) =>
    finish({
      key: status.id,
      label: status.label,
      kind: status.kind,
      current: presence.status_id === status.id,
      mark: marked(status.label, false),
      help: text(`picker-kind-${status.kind === 'busy' ? 'busy' : 'online'}`),
      request: { type: 'request_status', id: status.id },
    }),
  );
  const offline = text('picker-offline');
  all.push(
    finish({
      key: OFFLINE,
      label: offline,
      kind: 'logged_out',
      current: presence.kind === 'logged_out',
      mark: marked(offline, true),
      help: text('picker-offline-help'),
      request: { type: 'request_offline' },
    }),
  );
  return all;
}

/** A hold waits to log out: of a status and its namesake it means the namesake. */
function isLoggedOutLabel(label: string): boolean {
  return label === text('picker-offline');
}

function finish(choice: Choice): Choice {
  if (choice.mark) return { ...choice, help: text(`picker-${choice.mark}`) };
  return choice.current ? { ...choice, help: text('picker-current') } : choice;
}
