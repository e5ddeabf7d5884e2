const threeParts = /^[\w-]+\.[\w-]+\.[\w-]+$/;
const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
/** By how many letters there are after the last four: the bits of the last one that mean nothing (RFC 4648, section 3.5). */
const unusedBits: Readonly<Record<number, number>> = { 0: 0, 2: 0b1111, 3: 0b11 };

/**
 * Whether it is a JWS in compact serialization (RFC 7515, section 7.1) in its only spelling: base64url without padding,
 * blanks or bits that mean nothing. Decoders read other spellings of a signature as the same, and one token would be as
 * many as somebody likes. Header and claims need no such look, since the signature is over their letters.
 */
export function isCompactJws(text: string): boolean {
  if (!threeParts.test(text)) return false;
  const unused = unusedBits[(text.length - text.lastIndexOf('.') - 1) % 4];
  return unused !== undefined && (alphabet.indexOf(text.charAt(text.length - 1)) & unused) === 0;
}
