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
@media (max-width: 40rem) {
  .swagger-ui .wrapper, .swagger-ui .scheme-container .schemes { padding: 0 12px; }
  .swagger-ui .information-container .info { margin: 24px 0 0; }
  .swagger-ui .info .title { font-size: 1.75rem; }
  .swagger-ui .opblock-tag { flex-wrap: wrap; padding: 12px 4px; }
  .swagger-ui .opblock-tag small { flex-basis: 80%; order: 3; padding: 0; }
  .swagger-ui .opblock .opblock-summary { padding: 8px 5px; }
  .swagger-ui .opblock .opblock-summary-control { flex-wrap: wrap; gap: 4px 0; }
  .swagger-ui .opblock .opblock-summary-path { max-width: none; flex: 1 1 0; min-width: 60%; }
  .swagger-ui .opblock .opblock-summary-description { flex-basis: 100%; padding: 0 10px; }
  .swagger-ui .responses-inner, .swagger-ui .opblock-description-wrapper { padding: 12px; }
  .swagger-ui .responses-table > thead { display: none; }
  .swagger-ui .responses-table, .swagger-ui .responses-table > tbody, .swagger-ui .responses-table > tbody > tr,
  .swagger-ui .responses-table > tbody > tr > td { display: block; width: auto; max-width: none; padding: 0 0 8px; }
  .swagger-ui .responses-table > tbody > tr { border-top: 1px solid rgb(59 65 81 / 20%); padding-top: 12px; }
  .swagger-ui .responses-table > tbody > tr > td.response-col_links { display: none; }
  .swagger-ui .response-col_status { font-weight: 700; }
  .swagger-ui .parameters > thead { display: none; }
  .swagger-ui .parameters, .swagger-ui .parameters > tbody, .swagger-ui .parameters > tbody > tr,
  .swagger-ui .parameters > tbody > tr > td { display: block; width: auto; max-width: none; padding: 0 0 8px; }
  .swagger-ui .headers td { overflow-wrap: anywhere; padding: 4px 8px 4px 0; }
  .swagger-ui .headers td:last-child { overflow-wrap: normal; }
}
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
