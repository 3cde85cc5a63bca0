import { describe, expect, it } from '@jest/globals';
import { endpoints } from './endpoints.ts';
import { createRouter } from './router.ts';

const routes = [
  { method: 'GET', path: '/clubs' },
  { method: 'POST', path: '/clubs' },
  { method: 'GET', path: '/clubs/{id}' },
  { method: 'PUT', path: '/clubs/{id}' },
  { method: 'GET', path: '/clubs/nearest' },
  { method: 'GET', path: '/clubs/{id}/cards/{cardId}' },
];
const find = createRouter(routes);

describe('createRouter', () => {
  it('prefers a literal to a parameter', () => {
    expect(find('GET', '/clubs/nearest')).toEqual({ found: 'route', route: routes[4], params: {} });
    expect(find('GET', '/clubs/7')).toEqual({ found: 'route', route: routes[2], params: { id: '7' } });
  });

  it('names parameters and decodes them', () => {
    expect(find('GET', '/clubs/a%2Fb/cards/%C3%A9')).toMatchObject({ params: { id: 'a/b', cardId: 'é' } });
  });

  it('takes PATCH for PUT and HEAD for GET', () => {
    expect(find('PATCH', '/clubs/7')).toMatchObject({ route: routes[3] });
    expect(find('HEAD', '/clubs')).toMatchObject({ route: routes[0] });
  });

  it('tells a path without this method from no path', () => {
    expect(find('DELETE', '/clubs/7')).toEqual({ found: 'path', allowed: ['GET', 'HEAD', 'OPTIONS', 'PATCH', 'PUT'] });
    for (const path of ['/', '/club', '/clubs/', '/clubs//cards/1', '/clubs/7/cards', '/clubs/%zz', 'clubs']) {
      expect([path, find('GET', path).found]).toEqual([path, 'nothing']);
    }
  });

  it('refuses a route that is declared twice', () => {
    expect(() => createRouter([routes[2]!, { method: 'GET', path: '/clubs/{clubId}' }])).toThrow(/Declared twice/);
  });

  it('finds every endpoint of the system by its own path', () => {
    const findEndpoint = createRouter(endpoints);
    for (const endpoint of endpoints) {
      const match = findEndpoint(endpoint.method, endpoint.path.replaceAll(/\{\w+\}/g, 'x'));
      expect(match).toMatchObject({ found: 'route', route: { id: endpoint.id } });
    }
  });
});
