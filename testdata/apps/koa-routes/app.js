const Koa = require("koa");
const mount = require("koa-mount");
const errors = require("./errors");
const health = require("./health");
const papers = require("./papers");
const admin = require("./admin");
const { known } = require("./guards");

const app = new Koa();

app.use(errors);
app.use(health.routes()).use(health.allowedMethods());
app.use(mount("/admin", admin));
app.use(papers.open.routes());
app.use(known);
app.use(papers.shut.routes());

app.listen(8080);
