/* The first table of docs/refresh-tokens.md, with a line for each kind of holder. */

export type Holder = 'a confidential app' | 'a confidential app with a key' | 'a public app with a key';

export type State =
  | 'unspent'
  | 'spent within the grace'
  | 'spent and successor used'
  | 'spent after the grace'
  | 'revoked';

/** By whom a token is presented, and how. */
export type Way =
  | 'its app'
  | 'its app, asking for less'
  | 'its app, naming the resource'
  | 'its app, asking for too much'
  | 'another app'
  | 'whoever does not know the secret'
  | 'its app with another key'
  | 'its app without its key'
  | 'its app with a proof that fails'
  | 'a proof that fails, of another key';

/** What is answered, and whether the family falls. A token and `lives`: the answer is its successor. */
export type Outcome =
  | 'the successor'
  | 'invalid_grant'
  | 'invalid_scope'
  | 'invalid_client'
  | 'invalid_dpop_proof'
  | 'invalid_grant, and the family falls';

export type Row = Readonly<Record<State, Outcome>>;

export const falls = 'invalid_grant, and the family falls';
const late = {
  'spent and successor used': falls,
  'spent after the grace': falls,
  revoked: 'invalid_grant',
} as const;
const spentInOtherHands = { 'spent within the grace': falls, ...late } as const;

export const refreshTable: Readonly<Record<Holder, Partial<Record<Way, Row>>>> = {
  'a confidential app': {
    'its app': { unspent: 'the successor', 'spent within the grace': 'the successor', ...late },
    'its app, asking for less': { unspent: 'the successor', 'spent within the grace': 'invalid_grant', ...late },
    'its app, naming the resource': { unspent: 'the successor', 'spent within the grace': 'invalid_grant', ...late },
    'its app, asking for too much': { unspent: 'invalid_scope', 'spent within the grace': 'invalid_grant', ...late },
    'another app': { unspent: 'invalid_grant', ...spentInOtherHands },
    'whoever does not know the secret': {
      unspent: 'invalid_client',
      'spent within the grace': 'invalid_client',
      'spent and successor used': 'invalid_client',
      'spent after the grace': 'invalid_client',
      revoked: 'invalid_client',
    },
    'its app with another key': { unspent: 'the successor', ...spentInOtherHands },
  },
  'a confidential app with a key': {
    'its app': { unspent: 'the successor', 'spent within the grace': 'the successor', ...late },
    'its app with another key': { unspent: 'the successor', ...spentInOtherHands },
    'its app without its key': { unspent: 'the successor', ...spentInOtherHands },
  },
  'a public app with a key': {
    'its app': { unspent: 'the successor', 'spent within the grace': 'the successor', ...late },
    'its app, asking for less': { unspent: 'the successor', 'spent within the grace': 'invalid_grant', ...late },
    'another app': { unspent: 'invalid_grant', ...spentInOtherHands },
    'its app with another key': { unspent: 'invalid_grant', ...spentInOtherHands },
    'its app without its key': { unspent: 'invalid_grant', ...spentInOtherHands },
    'its app with a proof that fails': {
      unspent: 'invalid_dpop_proof',
      'spent within the grace': 'invalid_dpop_proof',
      'spent and successor used': falls,
      'spent after the grace': falls,
      revoked: 'invalid_dpop_proof',
    },
    'a proof that fails, of another key': {
      unspent: 'invalid_dpop_proof',
      'spent within the grace': falls,
      'spent and successor used': falls,
      'spent after the grace': falls,
      revoked: 'invalid_dpop_proof',
    },
  },
};
