/** Hours and minutes of an RFC 3339 time, as this desktop writes them. */
export function clockTime(time: string): string {
  return new Date(time).toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' });
}

/** What is left until an RFC 3339 time, as mm:ss or h:mm:ss; never negative. */
export function leftTime(end: string, now: number): string {
  // Rounded up, so that it shows 00:01 in the last second.
  const seconds = Math.max(0, Math.ceil((Date.parse(end) - now) / 1000));
  return runningTime(new Date(0).toISOString(), seconds * 1000);
}

/** What has passed since an RFC 3339 time, as m:ss or h:mm:ss; never negative (the clocks may differ). */
export function runningTime(since: string, now: number): string {
  const seconds = Math.max(0, Math.floor((now - Date.parse(since)) / 1000));
  const pad = (n: number) => String(n).padStart(2, '0');
  const hours = Math.floor(seconds / 3600);
  const minutes = Math.floor(seconds / 60) % 60;
  return hours > 0 ? `${hours}:${pad(minutes)}:${pad(seconds % 60)}` : `${pad(minutes)}:${pad(seconds % 60)}`;
}
