/** With a scheme; or without, where WhatsApp makes a link of it all the same: `www.`, a path, a common ending. */
const LINK =
  /\b[a-z][a-z0-9+.-]{1,15}:\/\/[^\s<>"')\]}⟦⟧]+|\bwww\.[^\s<>"')\]}]+|\b(?:[\p{L}\p{N}-]+\.)+(?:\p{L}{2,24}\/[^\s<>"')\]}]*|(?:com|net|org|info|biz|io|app|dev|co|me|ly|shop|store|online|site|link|click|xyz|top)\b)/giu;

/**
 * Whether a text links to a host that is neither allowed, nor below one that is, nor named in what the
 * business wrote.
 */
export function linksElsewhere(
  text: string,
  allowed: readonly string[],
  own: readonly string[],
): boolean {
  return (text.match(LINK) ?? []).some((link) => {
    const host = hostOf(link);
    if (host === undefined) return true;
    const isAllowed = allowed.some((each) => host === each || host.endsWith(`.${each}`));
    return !isAllowed && !own.some((each) => names(each.toLowerCase(), host));
  });
}

function hostOf(link: string): string | undefined {
  const url = URL.parse(link.includes('://') ? link : `https://${link}`);
  return url && url.hostname !== '' ? url.hostname.toLowerCase() : undefined;
}

/** Whether a host stands there by itself, or at the end of a longer one: `t.me` is no part of `great.menu`. */
function names(text: string, host: string): boolean {
  for (let at = text.indexOf(host); at !== -1; at = text.indexOf(host, at + 1)) {
    const after = text.slice(at + host.length);
    if (!/[\p{L}\p{N}-]$/u.test(text.slice(0, at)) && !/^\.?[\p{L}\p{N}-]/u.test(after))
      return true;
  }
  return false;
}
