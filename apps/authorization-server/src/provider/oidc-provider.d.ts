import 'oidc-provider';

declare module 'oidc-provider' {
  interface RefreshToken {
    generateTokenId(): string;
  }
}
