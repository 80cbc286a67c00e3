const KEY = 'holdline.org';

/** The address that was last signed in to from this window; empty when there is none. */
export function rememberedOrg(): string {
  return localStorage.getItem(KEY) ?? '';
}

/** Remembers it; an empty one forgets. */
export function rememberOrg(org: string): void {
  if (org) localStorage.setItem(KEY, org);
  else localStorage.removeItem(KEY);
}
