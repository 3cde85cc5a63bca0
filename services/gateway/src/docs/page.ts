/** The documentation page. Everything it needs comes from this host; paths are relative so that it works behind a prefix. */
export const page = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Punchcard APIs</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="docs?asset=swagger-ui.css">
<link rel="stylesheet" href="docs?asset=page.css">
</head>
<body>
<header>
<strong>Punchcard</strong>
<nav aria-label="APIs">
<a href="docs?api=agent">Agent API</a>
<a href="docs?api=partner">Partner API</a>
</nav>
</header>
<main id="docs"></main>
<noscript>The OpenAPI documents: <a href="docs.json">Agent API</a>, <a href="docs.json?api=partner">Partner API</a>.</noscript>
<script src="docs?asset=swagger-ui.js"></script>
<script src="docs?asset=start.js"></script>
</body>
</html>
`;

export const pageStyle = `body { margin: 0; }
header { display: flex; gap: 2rem; align-items: baseline; padding: 0.75rem 1.25rem; background: #1b1b1f; color: #fff; font: 1rem system-ui, sans-serif; }
header nav { display: flex; gap: 1rem; }
header a { color: #cfd8ff; }
header a[aria-current] { color: #fff; font-weight: 600; text-decoration: none; }
`;

export const startScript = `const api = new URLSearchParams(location.search).get('api') === 'partner' ? 'partner' : 'agent';
document.querySelector('nav a[href$="' + api + '"]').setAttribute('aria-current', 'page');
SwaggerUIBundle({
  url: 'docs.json?api=' + api,
  dom_id: '#docs',
  presets: [SwaggerUIBundle.presets.apis],
  deepLinking: true,
  docExpansion: 'list',
  defaultModelsExpandDepth: 0,
  tryItOutEnabled: false,
  persistAuthorization: false,
  validatorUrl: null,
});
`;
