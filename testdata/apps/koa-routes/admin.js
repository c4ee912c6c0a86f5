const Koa = require("koa");
const Router = require("@koa/router");
const { role } = require("./guards");

const admin = new Koa();
const router = new Router();

router.get("/early", (ctx) => {
  ctx.body = "above the guard of this router";
});
router.use(role("admin"));
router.get("/users", (ctx) => {
  ctx.body = [];
});
admin.use(router.routes());

// After the routes: it protects nothing.
admin.use(role("admin"));

module.exports = admin;
