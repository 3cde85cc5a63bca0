/** Anything that has a method and a path with `{name}` parameters. */
interface Routed {
  method: string;
  path: string;
}

export type Match<R> =
  | { found: 'route'; route: R; params: Readonly<Record<string, string>> }
  | { found: 'path'; allowed: readonly string[] }
  | { found: 'nothing' };

interface Node<R> {
  literals: Map<string, Node<R>>;
  parameter: { name: string; node: Node<R> } | undefined;
  routes: Map<string, { route: R; names: readonly string[] }>;
}

const emptyNode = <R>(): Node<R> => ({ literals: new Map(), parameter: undefined, routes: new Map() });

/** PATCH does what PUT does, HEAD what GET does (contract 1.1). */
const standIns: Readonly<Record<string, string>> = { PATCH: 'PUT', HEAD: 'GET' };

/**
 * Finds the route of a path. A literal segment wins over a parameter; segments are percent-decoded; a path whose escapes are
 * broken is nobody's.
 * @returns a function of method and path (no query), O(segments)
 */
export function createRouter<R extends Routed>(routes: readonly R[]): (method: string, path: string) => Match<R> {
  const root = emptyNode<R>();
  for (const route of routes) insert(root, route);

  return (method, path) => {
    const segments = decoded(path);
    const values: string[] = [];
    const node = segments && find(root, { segments, at: 0, values });
    if (!node) return { found: 'nothing' };
    const hit = node.routes.get(method) ?? node.routes.get(standIns[method] ?? '');
    if (!hit) return { found: 'path', allowed: allowedOf(node) };
    const params = Object.fromEntries(hit.names.map((name, n) => [name, values[n] ?? '']));
    return { found: 'route', route: hit.route, params };
  };
}

function insert<R extends Routed>(root: Node<R>, route: R): void {
  const names: string[] = [];
  let node = root;
  for (const segment of route.path.slice(1).split('/')) {
    const name = /^\{(\w+)\}$/.exec(segment)?.[1];
    if (name !== undefined) {
      names.push(name);
      node.parameter ??= { name, node: emptyNode() };
      node = node.parameter.node;
    } else {
      const next = node.literals.get(segment) ?? emptyNode<R>();
      node.literals.set(segment, next);
      node = next;
    }
  }
  if (node.routes.has(route.method)) throw new Error(`Declared twice: ${route.method} ${route.path}`);
  node.routes.set(route.method, { route, names });
}

interface Walk {
  segments: readonly string[];
  /** The segment that comes next. */
  at: number;
  /** What stands for the parameters so far. */
  values: string[];
}

/** The node of a path, depth first. */
function find<R>(node: Node<R>, { segments, at, values }: Walk): Node<R> | undefined {
  if (at === segments.length) return node.routes.size > 0 ? node : undefined;
  const segment = segments[at]!;
  const next = { segments, at: at + 1, values };
  const literal = node.literals.get(segment);
  const found = literal && find(literal, next);
  if (found || !node.parameter || segment === '') return found;
  values.push(segment);
  const below = find(node.parameter.node, next);
  if (!below) values.pop();
  return below;
}

function decoded(path: string): string[] | undefined {
  const segments = path.slice(1).split('/');
  if (!path.includes('%')) return segments;
  try {
    return segments.map(decodeURIComponent);
  } catch {
    return undefined;
  }
}

function allowedOf<R>(node: Node<R>): string[] {
  const methods = [...node.routes.keys()];
  for (const [standIn, method] of Object.entries(standIns)) if (node.routes.has(method)) methods.push(standIn);
  return [...methods, 'OPTIONS'].sort();
}
