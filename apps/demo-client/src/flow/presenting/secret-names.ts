/** Not even their hash is shown: it would tell whoever guesses that they have guessed right. */
const unspeakable = /pass(?:word|phrase|code|wd)|^pass$|pwd|^pin$|otp\b|user_code|device_code|recovery/i;

/** Secrets, or what stands for one. */
const secrets =
  /^(?:code|state|nonce|undo|request|request_uri|id_token_hint|form_id|[dpqk]|dp|dq|qi|oth|authorization|cookie|set-cookie)$|secret|token|assertion|verifier|[cx]srf|signature|cookie|session|credential|api_?key|private|jwt|proof/i;

/** Names that only speak of them. */
const harmless =
  /^(?:token_type|token_type_hint|issued_token_type|subject_token_type|requested_token_type|error|session_state)$|_(?:endpoint|supported|alg|enc|method|in|at|required|token_type|uri)$|^(?:access_token|session)_expires_in$/i;

/** Public by their nature, however random they look. */
const open = /^(?:client_id|code_challenge|dpop_jkt|jkt|ath|at_hash|c_hash|s_hash|jti|kid|sid|sub|id)$/;

/** How a value is treated, by the name that it goes by. */
export type Sort = 'unspeakable' | 'secret' | 'open' | 'unknown';

export function sortOf(name: string): Sort {
  if (unspeakable.test(name)) return 'unspeakable';
  if (name !== 'request_uri' && harmless.test(name)) return 'unknown';
  if (secrets.test(name)) return 'secret';
  return open.test(name) ? 'open' : 'unknown';
}
