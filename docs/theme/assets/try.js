// Calls go to the service that served this page. Credentials stay in this page's memory and are gone with it.
SwaggerUIBundle({
  url: new URL("../openapi.yaml", __md_scope).href,
  dom_id: "#swagger-ui",
  deepLinking: true,
  docExpansion: "list",
  defaultModelsExpandDepth: -1,
  displayOperationId: true,
  displayRequestDuration: true,
  filter: true,
  persistAuthorization: false,
  tryItOutEnabled: true,
  validatorUrl: null,
  syntaxHighlight: { activated: false },
});

// Swagger UI has dark colours of its own: they follow the theme's.
const follow = () =>
  document.documentElement.classList.toggle("dark-mode", document.body.getAttribute("data-md-color-scheme") === "slate");
new MutationObserver(follow).observe(document.body, { attributeFilter: ["data-md-color-scheme"] });
follow();
