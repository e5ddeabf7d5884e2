import { expect, test } from 'vitest';
import { withoutBadUris } from './stored-uris.ts';

function reading(metadata: Record<string, unknown>) {
  const dropped: string[] = [];
  const kept = withoutBadUris(metadata, (member) => dropped.push(member));
  return { kept, dropped };
}

test('a good client is read as it was stored', () => {
  const metadata = {
    client_name: 'Plants',
    redirect_uris: ['https://plants.example/cb', 'http://localhost:3002/cb'],
    post_logout_redirect_uris: ['https://plants.example/bye'],
    client_uri: 'https://plants.example/',
    logo_uri: 'http://plants.example/logo.png',
  };
  expect(reading(metadata)).toEqual({ kept: metadata, dropped: [] });
});

test('one bad URI costs itself, and is told', () => {
  const metadata = {
    redirect_uris: [
      'https://plants.example/cb',
      'https://plants.example/#a',
      'not a uri',
      7,
      null,
      'javascript:alert(1)',
    ],
    post_logout_redirect_uris: ['/bye'],
    client_uri: '/',
    logo_uri: 7,
    backchannel_logout_uri: 'ftp://plants.example',
    tos_uri: 'https://plants.example/tos',
  };
  expect(reading(metadata)).toEqual({
    kept: {
      redirect_uris: ['https://plants.example/cb'],
      post_logout_redirect_uris: [],
      tos_uri: 'https://plants.example/tos',
    },
    dropped: [
      ...Array(5).fill('redirect_uris'),
      'post_logout_redirect_uris',
      'client_uri',
      'logo_uri',
      'backchannel_logout_uri',
    ],
  });
});

test('a native app keeps a scheme of its own, for its redirect URIs alone', () => {
  const metadata = {
    application_type: 'native',
    redirect_uris: ['com.example.plants:/cb'],
    client_uri: 'com.example.plants:/',
  };
  expect(reading(metadata)).toEqual({
    kept: { application_type: 'native', redirect_uris: ['com.example.plants:/cb'] },
    dropped: ['client_uri'],
  });
});

test('what is stored is not changed by reading it', () => {
  const metadata = { redirect_uris: ['not a uri'], client_uri: 'not a uri' };
  reading(metadata);
  expect(metadata).toEqual({ redirect_uris: ['not a uri'], client_uri: 'not a uri' });
});
