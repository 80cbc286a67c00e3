/** The host of an org's address, for people. */
export function hostOf(url: string | null): string {
  if (!url) return '';
  return URL.canParse(url) ? new URL(url).host : url;
}
