import type { Picture } from './bindings/Picture';
import { text } from './texts';

/** What a screen reader should say about the change from one picture to the next; null: nothing. */
export function announcement(before: Picture, now: Picture): string | null {
  const words: string[] = [];
  if (before.session.state !== 'signed_in' && now.session.state === 'signed_in') {
    words.push(text('session-announce-signed_in', { name: now.session.name ?? '' }));
  }
  if (before.call.phase !== now.call.phase && now.session.state === 'signed_in') {
    words.push(text('call-announce', { phase: text(`call-${now.call.phase}`) }));
  }
  const { held } = now;
  if (held && (before.held?.status !== held.status || before.held.reason !== held.reason)) {
    words.push(text('held-announce', { status: held.status, text: held.text }));
  } else if (before.held && !held) {
    words.push(text('held-over-announce'));
  }
  return words.length > 0 ? words.join(' ') : null;
}
