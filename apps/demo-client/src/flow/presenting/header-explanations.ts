import type { Explanation } from './explanation.ts';

/** The headers that are shown, by their lower-case names. All others are left out. */
export const headers: Readonly<Record<string, Explanation>> = {
  authorization: ['Who is asking, or what gives the right to.', '9110 11.6.2'],
  'www-authenticate': ['What is missing, so that a client knows what to do next.', '6750 3'],
  dpop: ['Proves that the sender has the key that the token is bound to, for this request alone.', '9449 4.1'],
  'dpop-nonce': ['What the next proof must hold, so that none can be made in advance.', '9449 8'],
  location: ['Where the browser goes next.', '9110 10.2.2'],
  traceparent: ['Joins the messages of one journey. This picture is drawn by it.', 'trace 3.2'],
  'cache-control': ['What holds secrets is not kept on the way.', '9111 5.2'],
  'set-cookie': ['What the browser shall bring back. HttpOnly: no script can read it.', '6265 4.1'],
  cookie: ['Which session this is. The browser adds it by itself.', '6265 4.2'],
  'content-type': ['How the body is to be read.', '9110 8.3'],
  origin: ['Which site the page is of that sends this. A foreign one is refused.', '6454 7'],
  'sec-fetch-site': [
    'How the page that sends this is related to this site. The browser says it, no page can.',
    'metadata 2.3',
  ],
  'sec-fetch-mode': ['Whether the browser goes to a page, or script asks.', 'metadata 2.2'],
  'sec-fetch-dest': ['What the browser will use the answer for.', 'metadata 2.1'],
  'sec-fetch-user': ['A person has clicked.', 'metadata 2.4'],
  'x-csrf': ['No page of another site can add this header unless this one lets it.', 'fetch'],
  'access-control-allow-origin': ['The pages of which site may read the answer.', 'fetch'],
  'if-match': ['Only if nobody has changed it meanwhile.', '9110 13.1.1'],
  etag: ['What version of the thing this is.', '9110 8.8.3'],
  link: ['Where the next page of the list is.', '8288 3'],
  'retry-after': ['When to try again.', '9110 10.2.3'],
};

/** What `Authorization` holds, by its scheme in lower case. */
export const schemes: Readonly<Record<string, Explanation>> = {
  basic: ['The client’s name and secret, so that nobody else can use its codes.', '6749 2.3.1'],
  bearer: ['The access token: whoever bears it may do what it allows.', '6750 2.1'],
  dpop: ['The access token, which is worth nothing without the proof beside it.', '9449 7.1'],
};
