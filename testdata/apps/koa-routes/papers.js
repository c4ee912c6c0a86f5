const Router = require("@koa/router");
const compose = require("koa-compose");
const { maybe, role } = require("./guards");

const open = new Router({ prefix: "/papers" });
const shut = new Router({ prefix: "/papers" });
const drafts = new Router();

open.get("/", maybe, (ctx) => {
  ctx.body = [];
});
open.get("paper", "/by-number/:number", (ctx) => {
  ctx.body = { number: ctx.params.number };
});

shut.get("/mine", (ctx) => {
  ctx.body = [];
});
shut.get("/covers/:id", (ctx) => {
  ctx.body = "a picture";
});
shut.delete("/:id", compose([role("editor")]), (ctx) => {
  ctx.status = 204;
});

drafts.post("/", (ctx) => {
  ctx.status = 201;
});
shut.use("/drafts", role("author"), drafts.routes());

module.exports = { open, shut };
